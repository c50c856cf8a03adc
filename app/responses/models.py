"""Answers to challenges, and the states they move through."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge, Requirement
from app.core.database import Base
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.state_machine import Mover, StateMachine, arrows
from app.organisations.models import Organisation


class ResponseState(LabelledEnum):
    """Where an answer stands."""

    DRAFT = "draft", N_("Draft")
    SUBMITTED = "submitted", N_("Submitted")
    WITHDRAWN = "withdrawn", N_("Withdrawn")
    IN_EVALUATION = "in_evaluation", N_("Being evaluated")
    SELECTED = "selected", N_("Selected")
    RESERVE = "reserve", N_("On the reserve list")
    NOT_SELECTED = "not_selected", N_("Not selected")


S = ResponseState
MACHINE: StateMachine[ResponseState] = StateMachine(
    "response",
    [
        *arrows([S.DRAFT, S.WITHDRAWN], S.SUBMITTED, Mover.RESPONDER),
        *arrows([S.SUBMITTED], S.WITHDRAWN, Mover.RESPONDER),
        *arrows([S.SUBMITTED], S.IN_EVALUATION, Mover.OWNER, Mover.CURATOR),
        *arrows([S.IN_EVALUATION], S.SELECTED, Mover.OWNER, needs_reason=True),
        *arrows([S.IN_EVALUATION], S.RESERVE, Mover.OWNER, needs_reason=True),
        *arrows([S.IN_EVALUATION], S.NOT_SELECTED, Mover.OWNER, needs_reason=True),
    ],
)
EDITABLE_STATES = frozenset({S.DRAFT, S.WITHDRAWN})
AWAITING_DECISION = frozenset({S.SUBMITTED, S.IN_EVALUATION})
DECIDED_STATES = frozenset({S.SELECTED, S.RESERVE, S.NOT_SELECTED})


class Response(Base):
    """One organisation's answer to a challenge."""

    __tablename__ = "responses"
    __table_args__ = (UniqueConstraint("challenge_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    state: Mapped[ResponseState] = mapped_column(default=ResponseState.DRAFT)
    lang: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    approach: Mapped[str] = mapped_column(default="")
    """What they would do, how, and what is proven already."""
    timeline: Mapped[str] = mapped_column(default="")
    price_eur: Mapped[int | None]
    price_note: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    requirement_answers: Mapped[list["RequirementAnswer"]] = relationship(
        order_by="RequirementAnswer.requirement_id", cascade="all, delete-orphan", lazy="raise"
    )

    __mapper_args__ = {"version_id_col": version}

    def answer_to(self, requirement: Requirement) -> str:
        """Return what was written about one requirement, or an empty text."""
        texts = (a.text for a in self.requirement_answers if a.requirement_id == requirement.id)
        return next(texts, "")


class RequirementAnswer(Base):
    """How the answer meets one requirement."""

    __tablename__ = "requirement_answers"
    __table_args__ = (UniqueConstraint("response_id", "requirement_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirements.id"))
    requirement: Mapped[Requirement] = relationship(lazy="raise")
    text: Mapped[str] = mapped_column(default="")
