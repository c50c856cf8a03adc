"""Answers to challenges, who takes part in them, and what they said before."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge, ChallengeState, Mode, Requirement
from app.core.database import Base
from app.organisations.models import Organisation
from app.responses.models.states import (
    BEFORE_RELEASE,
    UNTOLD_STATES,
    PartnerState,
    ResponseState,
    S,
)


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

    partners: Mapped[list["ResponsePartner"]] = relationship(
        back_populates="response", order_by="ResponsePartner.id", cascade="all, delete-orphan",
        lazy="raise",
    )  # fmt: skip

    __mapper_args__ = {"version_id_col": version}

    @property
    def lead_share(self) -> int:
        """What the partners leave to the organisation that leads, in percent."""
        return 100 - sum(partner.share for partner in self.partners)

    @property
    def is_untold(self) -> bool:
        """Whether its responder does not know yet how far it got; needs the challenge."""
        is_sealed_off = self.state in UNTOLD_STATES and self.challenge.state in BEFORE_RELEASE
        # Where answers come in all the time, each is told at once how far it got.
        return is_sealed_off and self.challenge.mode is not Mode.ROLLING

    @property
    def told_state(self) -> ResponseState:
        """Its state as far as its responder may know; needs the challenge."""
        if not self.is_untold:
            return self.state
        is_evaluating = self.challenge.state is ChallengeState.EVALUATING
        return S.IN_EVALUATION if is_evaluating else S.SCREENING

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


class ResponsePartner(Base):
    """An organisation that takes over a part of an answer which another one leads."""

    __tablename__ = "response_partners"
    __table_args__ = (UniqueConstraint("response_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    response: Mapped[Response] = relationship(back_populates="partners", lazy="raise_on_sql")
    """At hand where the partner was loaded with its answer."""
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    state: Mapped[PartnerState] = mapped_column(default=PartnerState.INVITED)
    part: Mapped[str]
    """What it takes over."""
    share: Mapped[int]
    """Of the work and the price, in percent."""
    invited_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    signed_by_name: Mapped[str] = mapped_column(default="")
    signed_terms: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Lead, parts and shares as they stood when it signed."""


class ResponseVersion(Base):
    """An answer's text as it stood after a change; for its authors alone."""

    __tablename__ = "response_versions"
    __table_args__ = (UniqueConstraint("response_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    """Counted from 1."""
    saved_at: Mapped[datetime]
    saved_by_name: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[datetime | None]
    """When it was last handed in, if it ever was."""
    content: Mapped[dict[str, str]] = mapped_column(JSON)
    """Text by field, as ``policy.content_of`` names them."""


class ReadingBar(Base):
    """Somebody who may not read what a challenge received, whatever their other roles allow.

    Proposed evaluators are barred until they have declared their conflicts; those who have one
    stay so.
    """

    __tablename__ = "reading_bars"
    __table_args__ = (UniqueConstraint("challenge_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
