"""Decisions on answers: prepared one by one, released together."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.responses.models import Response, ResponseState


class Outcome(LabelledEnum):
    """What the owner decides about one answer."""

    SELECTED = "selected", N_("Select")
    RESERVE = "reserve", N_("Keep in reserve")
    NOT_SELECTED = "not_selected", N_("Do not select")

    @property
    def state(self) -> ResponseState:
        """The state the answer gets when the decision is released."""
        return ResponseState(self.value)


class Decision(Base):
    """The owner's decision on one answer; its responder sees it once released."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), unique=True
    )
    response: Mapped[Response] = relationship(lazy="raise")
    outcome: Mapped[Outcome]
    reason: Mapped[str]
    strengths: Mapped[str]
    gaps: Mapped[str]
    prepared_by_name: Mapped[str]
    prepared_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
