"""What came of a challenge, asked once and a month later from both sides."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge
from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.organisations.models import Organisation

LOOKING_BACK = "outcomes.looking_back"
"""Job kind: once a day, look for challenges about which both sides are asked."""
ASKING = "outcomes.asking"
"""Job kind: ask both sides what came of a challenge; payload ``{"challenge_id": …}``."""


class Outcome(LabelledEnum):
    """What came of a challenge that ended without a pilot."""

    CONTRACT = "contract", N_("A contract was signed")
    TALKING = "talking", N_("We are still talking")
    ELSEWHERE = "elsewhere", N_("The need was met in another way")
    NOTHING = "nothing", N_("Nothing came of it")


class OutcomeQuestion(Base):
    """The one question to one organisation, and its answer."""

    __tablename__ = "outcome_questions"
    __table_args__ = (
        Index("uq_outcome_questions", "challenge_id", "organisation_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id", ondelete="CASCADE"))
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str] = mapped_column(default="")
    outcome: Mapped[Outcome | None]
    amount_eur: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    is_public: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the organisation lets everybody read it."""


class PurchaseRoute(LabelledEnum):
    """How something was bought after a challenge."""

    DIRECT = "direct", N_("Bought directly")
    TENDER = "tender", N_("Tender")
    PARTNERSHIP = "partnership", N_("Innovation partnership")
    PRE_COMMERCIAL = "pre_commercial", N_("Pre-commercial procurement")
    OTHER = "other", N_("In another way")


class Purchase(Base):
    """What the owner bought after a challenge, and where that is recorded."""

    __tablename__ = "purchases"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    what: Mapped[str]
    route: Mapped[PurchaseRoute]
    link: Mapped[str]
    """The notice or the contract, where there is a public one."""
    recorded_at: Mapped[datetime]
    recorded_by_name: Mapped[str]


declare(
    Topic.PILOT,
    {
        "challenge.purchase_recorded": N_("Later purchase recorded"),
        "outcome.asked": N_("Asked what came of it"),
        "outcome.answered": N_("Said what came of it"),
    },
)
