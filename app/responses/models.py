"""Answers to challenges, and the states they move through."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge, ChallengeState, Requirement
from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.state_machine import Mover, StateMachine, arrows
from app.organisations.models import Organisation


class ResponseState(LabelledEnum):
    """Where an answer stands."""

    DRAFT = "draft", N_("Draft")
    SUBMITTED = "submitted", N_("Submitted")
    WITHDRAWN = "withdrawn", N_("Withdrawn")
    SCREENING = "screening", N_("Being screened")
    MORE_INFO = "more_info", N_("More information wanted")
    ELIGIBLE = "eligible", N_("Eligible")
    INELIGIBLE = "ineligible", N_("Not eligible")
    IN_EVALUATION = "in_evaluation", N_("Being evaluated")
    SHORTLISTED = "shortlisted", N_("On the owner’s shortlist")
    NOT_SHORTLISTED = "not_shortlisted", N_("Not shortlisted")
    SELECTED = "selected", N_("Selected")
    RESERVE = "reserve", N_("On the reserve list")
    NOT_SELECTED = "not_selected", N_("Not selected")
    ACCEPTED = "accepted", N_("Selection accepted")
    REFUSED = "refused", N_("Selection refused by the responder")
    PILOTING = "piloting", N_("In a pilot")
    COMPLETED = "completed", N_("Pilot ended")
    DISQUALIFIED = "disqualified", N_("Disqualified")
    REDIRECTED = "redirected", N_("Offered to another challenge")


S = ResponseState
EDITABLE_STATES = frozenset({S.DRAFT, S.WITHDRAWN})
HANDED_IN_STATES = frozenset(S) - EDITABLE_STATES
"""States of an answer that its owner gets to see once the seal is off."""
AWAITING_DECISION = frozenset(
    {S.SUBMITTED, S.SCREENING, S.MORE_INFO, S.ELIGIBLE, S.IN_EVALUATION, S.SHORTLISTED}
)
"""States in which the responder is still owed a decision."""
CHOSEN_STATES = frozenset({S.SELECTED, S.ACCEPTED, S.PILOTING, S.COMPLETED})
"""States of an answer that the owner chose and its responder did not refuse."""
MACHINE: StateMachine[ResponseState] = StateMachine(
    "response",
    [
        *arrows([S.DRAFT, S.WITHDRAWN], S.SUBMITTED, Mover.RESPONDER),
        # An answer held to be ineligible can be withdrawn too: a refusal would give that away.
        *arrows([*AWAITING_DECISION, S.INELIGIBLE], S.WITHDRAWN, Mover.RESPONDER),
        *arrows([S.SUBMITTED], S.SCREENING, Mover.TIMER),
        *arrows([S.SCREENING], S.MORE_INFO, Mover.OWNER, Mover.CURATOR, needs_reason=True),
        *arrows([S.MORE_INFO], S.SCREENING, Mover.RESPONDER, Mover.TIMER),
        *arrows([S.SCREENING], S.ELIGIBLE, Mover.OWNER, Mover.CURATOR),
        *arrows([S.SCREENING], S.INELIGIBLE, Mover.OWNER, needs_reason=True),
        *arrows([S.ELIGIBLE], S.IN_EVALUATION, Mover.OWNER, Mover.CURATOR),
        *arrows([S.IN_EVALUATION], S.SHORTLISTED, Mover.OWNER),
        *arrows([S.IN_EVALUATION], S.NOT_SHORTLISTED, Mover.OWNER, needs_reason=True),
        *arrows([S.IN_EVALUATION, S.SHORTLISTED], S.SELECTED, Mover.OWNER, needs_reason=True),
        *arrows([S.IN_EVALUATION, S.SHORTLISTED], S.RESERVE, Mover.OWNER, needs_reason=True),
        *arrows([S.IN_EVALUATION, S.SHORTLISTED], S.NOT_SELECTED, Mover.OWNER, needs_reason=True),
        *arrows([S.SELECTED], S.ACCEPTED, Mover.RESPONDER),
        *arrows([S.SELECTED], S.REFUSED, Mover.RESPONDER, Mover.TIMER, needs_reason=True),
        # The reserve moves up when somebody selected refuses.
        *arrows([S.RESERVE], S.SELECTED, Mover.TIMER),
        # An answer follows its pilot, on which both sides have agreed.
        *arrows([S.ACCEPTED], S.PILOTING, Mover.TIMER),
        *arrows([S.PILOTING], S.COMPLETED, Mover.TIMER),
        # Also out of the middle, when the challenge is cancelled.
        *arrows(
            [*AWAITING_DECISION, S.NOT_SHORTLISTED, S.RESERVE, S.NOT_SELECTED],
            S.REDIRECTED,
            Mover.RESPONDER,
        ),
        *arrows(
            HANDED_IN_STATES - {S.DISQUALIFIED, S.REDIRECTED},
            S.DISQUALIFIED,
            Mover.REGION,
            needs_reason=True,
        ),
    ],
)


class PartnerState(LabelledEnum):
    """Whether an organisation has signed its part of somebody else's answer."""

    INVITED = "invited", N_("Asked to sign")
    SIGNED = "signed", N_("Signed")
    DECLINED = "declined", N_("Will not take part")


P = PartnerState
PARTNER_MACHINE: StateMachine[PartnerState] = StateMachine(
    "partner",
    [
        *arrows([P.INVITED], P.SIGNED, Mover.RESPONDER),
        *arrows([P.INVITED, P.SIGNED], P.DECLINED, Mover.RESPONDER),
        # What was signed has changed, or the lead asks once more.
        *arrows([P.SIGNED, P.DECLINED], P.INVITED, Mover.RESPONDER),
    ],
)
BEFORE_RELEASE = frozenset({ChallengeState.OPEN, ChallengeState.CLOSED, ChallengeState.EVALUATING})
"""States of a challenge in which nothing about its answers is decided for all to know."""
UNTOLD_STATES = frozenset({S.ELIGIBLE, S.INELIGIBLE, S.IN_EVALUATION})
"""How far an answer got, which its responder learns with all the others, on release."""


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
        return self.state in UNTOLD_STATES and self.challenge.state in BEFORE_RELEASE

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


declare(
    Topic.ANSWERS,
    {
        "challenge.answers_read": N_("Answers opened for reading"),
        "response.started": N_("Draft started"),
        "response.saved": N_("Draft saved"),
        "response.submitted": N_("Answer handed in"),
        "response.withdrawn": N_("Answer withdrawn"),
        "response.screening": N_("Screening of the answer begun"),
        "response.more_info": N_("More information asked for"),
        "response.eligible": N_("Answer held to be eligible"),
        "response.ineligible": N_("Answer held not to be eligible"),
        "response.in_evaluation": N_("Evaluation of the answer begun"),
        "response.disqualified": N_("Answer disqualified"),
        "response.partner_added": N_("Partner asked"),
        "response.partner_changed": N_("Part or share of a partner changed"),
        "response.partner_removed": N_("Partner removed"),
        "partner.invited": N_("Partner asked to sign again"),
        "partner.signed": N_("Partner has signed its part"),
        "partner.declined": N_("Partner will not take part"),
    },
)
declare(
    Topic.DECISIONS,
    {
        "response.shortlisted": N_("Answer put on the owner’s shortlist"),
        "response.not_shortlisted": N_("Answer not shortlisted"),
        "response.selected": N_("Answer selected"),
        "response.reserve": N_("Answer put on the reserve list"),
        "response.not_selected": N_("Answer not selected"),
        "response.accepted": N_("Selection accepted by the responder"),
        "response.refused": N_("Selection refused by the responder"),
    },
)
declare(
    Topic.PILOT,
    {
        "response.piloting": N_("Pilot with this responder begun"),
        "response.completed": N_("Pilot with this responder completed"),
    },
)
