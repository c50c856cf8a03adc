"""Matches: what people made of what was found, and who wants no invitations."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge
from app.core.database import Base
from app.matches.models.runs import Candidate
from app.matches.models.states import DropReason, MatchState, Origin
from app.organisations.models import Organisation


class Match(Base):
    """An organisation and a challenge: suggested, curated, invited, answered."""

    __tablename__ = "matches"
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
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidates.id"))
    """The newest evidence; fixed once the invitation is sent."""
    candidate: Mapped[Candidate | None] = relationship(lazy="raise")
    state: Mapped[MatchState]
    position: Mapped[int | None]
    """Order on the shortlist, lowest first, with gaps; none when not on it."""
    note: Mapped[str] = mapped_column(default="")
    """Why it was added, kept or dropped, in the curator's words."""
    added_by_name: Mapped[str] = mapped_column(default="")
    """Who added it by hand; empty when the machine suggested it."""
    origin: Mapped[Origin] = mapped_column(
        default=Origin.MACHINE, server_default=Origin.MACHINE.value
    )
    drop_reason: Mapped[DropReason | None]
    decline_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    not_now_until: Mapped[datetime | None]
    """Set by "not now": we ask again after this moment."""
    queued_at: Mapped[datetime | None]
    """When a curator decided that it goes out with one of the next batches."""
    batch: Mapped[int | None]
    """Number of the batch, and of the list's version, with which it went out."""
    nudge_count: Mapped[int] = mapped_column(default=0, server_default="0")
    expires_at: Mapped[datetime | None]
    """Without a reply the invitation ends at this moment, or with the challenge."""
    recall_reason: Mapped[str] = mapped_column(default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class InvitationStop(Base):
    """An organisation that wants no invitations until it says otherwise."""

    __tablename__ = "invitation_stops"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime]
    by_name: Mapped[str]
