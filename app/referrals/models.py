"""Who brings whom to whom: clusters refer challenges and candidates, people recommend."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge
from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.state_machine import Mover, StateMachine, arrows
from app.organisations.models import Organisation


class ReferralKind(LabelledEnum):
    """What is referred, or by whom somebody is brought in."""

    CHALLENGE = "challenge", N_("A challenge for another cluster")
    CANDIDATE = "candidate", N_("A candidate for another cluster’s challenge")
    SELF = "self", N_("Came forward")
    SCOUT = "scout", N_("Recommended")


class ReferralState(LabelledEnum):
    """Where a referral stands; what people recommend is only recorded."""

    PROPOSED = "proposed", N_("Waits for an answer")
    ACCEPTED = "accepted", N_("Accepted")
    DECLINED = "declined", N_("Not taken")
    RECORDED = "recorded", N_("Passed on")


S = ReferralState
MACHINE: StateMachine[ReferralState] = StateMachine(
    "referral",
    [
        *arrows([S.PROPOSED], S.ACCEPTED, Mover.CURATOR),
        *arrows([S.PROPOSED], S.DECLINED, Mover.CURATOR, needs_reason=True),
    ],
)
BETWEEN_CLUSTERS = frozenset({ReferralKind.CHALLENGE, ReferralKind.CANDIDATE})


class Referral(Base):
    """One referral or recommendation, with the credit that stays: who, for whom, why."""

    __tablename__ = "referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReferralKind]
    state: Mapped[ReferralState]
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE")
    )
    """Who is brought in; None where the challenge itself is referred."""
    organisation: Mapped[Organisation | None] = relationship(
        foreign_keys=[organisation_id], lazy="raise"
    )
    from_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    """The cluster, or the organisation of whoever recommends; None for the region."""
    from_organisation: Mapped[Organisation | None] = relationship(
        foreign_keys=[from_id], lazy="raise"
    )
    to_cluster_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    to_cluster: Mapped[Organisation | None] = relationship(
        foreign_keys=[to_cluster_id], lazy="raise"
    )
    note: Mapped[str]
    created_at: Mapped[datetime]
    created_by_name: Mapped[str]
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str] = mapped_column(default="")
    answer_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def credit(self) -> str:
        """Who brought it, for everybody who curates."""
        name = self.from_organisation.name if self.from_organisation else ""
        return f"{self.created_by_name}, {name}" if name else self.created_by_name


declare(
    Topic.LIST,
    {
        "referral.proposed": N_("Referred to another cluster"),
        "referral.accepted": N_("Referral accepted"),
        "referral.declined": N_("Referral not taken"),
        "challenge.handed_over": N_("Handed over to another cluster"),
        "match.recommended": N_("Recommended to the curators"),
    },
)
