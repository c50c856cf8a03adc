"""Decisions on answers: prepared one by one, released together."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Criterion
from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.responses.models import Response, ResponseState

ACCEPTANCE_NUDGE = "reviews.acceptance_nudge"
"""Job kind: remind those selected to reply; payload ``{"response_id": …}``."""
ACCEPTANCE_DUE = "reviews.acceptance_due"
"""Job kind: the term to accept a selection ends; payload ``{"response_id": …}``."""


class Outcome(LabelledEnum):
    """What the owner decides about one answer."""

    SHORTLISTED = "shortlisted", N_("Invite to the shortlist")
    NOT_SHORTLISTED = "not_shortlisted", N_("Do not shortlist")
    SELECTED = "selected", N_("Select")
    RESERVE = "reserve", N_("Keep in reserve")
    NOT_SELECTED = "not_selected", N_("Do not select")
    ACKNOWLEDGED = "acknowledged", N_("Acknowledge with feedback")

    @property
    def state(self) -> ResponseState:
        """The state the answer gets when the decision is released."""
        return ResponseState(self.value)


SHORTLISTING = frozenset({Outcome.SHORTLISTED, Outcome.NOT_SHORTLISTED})
"""Outcomes of the first of two stages."""
FINAL = frozenset({Outcome.SELECTED, Outcome.RESERVE, Outcome.NOT_SELECTED})
GIVING = frozenset({Outcome.SELECTED, Outcome.RESERVE})
"""Outcomes after which an answer gets what the challenge offers, at once or later."""
FIRST_STAGE, SECOND_STAGE = 1, 2


class Decision(Base):
    """The owner's decision on one answer; its responder sees it once released.

    An answer on a released shortlist gets a second one.
    """

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("response_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    response: Mapped[Response] = relationship(lazy="raise")
    stage: Mapped[int] = mapped_column(default=FIRST_STAGE, server_default=str(FIRST_STAGE))
    outcome: Mapped[Outcome]
    reason: Mapped[str]
    strengths: Mapped[str]
    """In one text, for challenges without criteria; what a market consultation takes from it."""
    gaps: Mapped[str]
    feedback: Mapped[list["Feedback"]] = relationship(
        order_by="Feedback.criterion_id", cascade="all, delete-orphan", lazy="raise"
    )
    reserve_place: Mapped[int | None]
    """Counted from 1: who of the reserve moves up first."""
    reply_by: Mapped[datetime | None]
    """By when the organisation accepts or refuses its selection."""
    prepared_by_name: Mapped[str]
    prepared_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Feedback(Base):
    """What an answer gets right and what it lacks, by one criterion."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("decision_id", "criterion_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id", ondelete="CASCADE"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criteria.id"))
    criterion: Mapped[Criterion] = relationship(lazy="raise")
    strength: Mapped[str]
    gap: Mapped[str]


declare(Topic.DECISIONS, {"decision.prepared": N_("Decision prepared")})
