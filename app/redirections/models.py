"""The second life of an answer: consent, and proposals to offer it to another challenge."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge
from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.state_machine import Mover, StateMachine, arrows
from app.responses.models import Response


class Consent(Base):
    """An organisation allows that its answer is proposed for other challenges, until it says no."""

    __tablename__ = "second_life_consents"

    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True
    )
    given_at: Mapped[datetime]
    given_by_name: Mapped[str]


class ProposalState(LabelledEnum):
    """What became of a proposal."""

    PROPOSED = "proposed", N_("Waiting for the organisation")
    ACCEPTED = "accepted", N_("Taken over as a draft")
    DECLINED = "declined", N_("Not wanted")


S = ProposalState
MACHINE: StateMachine[ProposalState] = StateMachine(
    "proposal",
    [
        *arrows([S.PROPOSED], S.ACCEPTED, Mover.RESPONDER),
        *arrows([S.PROPOSED], S.DECLINED, Mover.RESPONDER),
    ],
)


class Proposal(Base):
    """A cluster manager thinks that an answer fits another open challenge."""

    __tablename__ = "redirection_proposals"
    __table_args__ = (UniqueConstraint("response_id", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    response: Mapped[Response] = relationship(lazy="raise_on_sql")
    """At hand where the answer was loaded before."""
    target_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    target: Mapped[Challenge] = relationship(lazy="raise")
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.PROPOSED)
    note: Mapped[str]
    """Why it fits, in the words of whoever proposes it."""
    proposed_at: Mapped[datetime]
    proposed_by_name: Mapped[str]
    answered_at: Mapped[datetime | None]


declare(
    Topic.ANSWERS,
    {
        "response.second_life_allowed": N_("Consent given to propose it for other challenges"),
        "response.second_life_forbidden": N_(
            "Consent to propose it for other challenges taken back"
        ),
        "response.redirected": N_("Answer taken over for another challenge"),
        "proposal.accepted": N_("Proposal of another challenge accepted"),
        "proposal.declined": N_("Proposal of another challenge declined"),
    },
)
