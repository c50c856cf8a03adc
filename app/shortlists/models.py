"""The curated list of a challenge, as it stood each time it was sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.challenges.models import ChallengeState
from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.matches.models import DropReason, MatchState


@dataclass(frozen=True)
class Entry:
    """One organisation of a version, on the list or left out."""

    organisation_id: int
    name: str
    position: int | None
    """Place on the list, from 1; none when left out."""
    rank: int | None
    """The machine's rank, if it had one."""
    note: str
    state: MatchState
    drop_reason: DropReason | None

    @classmethod
    def from_stored(cls, stored: dict[str, Any]) -> "Entry":
        """Return an entry as a version keeps it."""
        reason = stored["drop_reason"]
        return cls(
            **{
                **stored,
                "state": MatchState(stored["state"]),
                "drop_reason": DropReason(reason) if reason else None,
            }
        )


class ShortlistVersion(Base):
    """What the curated list said at one moment, next to what the machine had proposed."""

    __tablename__ = "shortlist_versions"
    __table_args__ = (UniqueConstraint("challenge_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("match_runs.id"))
    created_at: Mapped[datetime]
    created_by_name: Mapped[str]
    entries: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """In order, each the fields of ``Entry``."""
    dropped: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Left out by hand, each the fields of ``Entry``."""
    listed_members: Mapped[int | None]
    """Own members of the curating cluster on the list, counted when it was sent; these four are
    empty where the challenge had no cluster, and in versions from before they were kept."""
    listed_total: Mapped[int | None]
    pool_members: Mapped[int | None]
    """Own members among all organisations that could answer then."""
    pool_total: Mapped[int | None]

    @property
    def listed(self) -> list[Entry]:
        """Who was on the list, in order."""
        return [Entry.from_stored(each) for each in self.entries]

    @property
    def left_out(self) -> list[Entry]:
        """Who was left out by hand."""
        return [Entry.from_stored(each) for each in self.dropped]


class ShareReason(Base):
    """Why a list was sent although the cluster's own members were far more than their share."""

    __tablename__ = "share_reasons"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[str]
    listed_members: Mapped[int]
    listed_total: Mapped[int]
    pool_members: Mapped[int]
    pool_total: Mapped[int]
    given_at: Mapped[datetime]
    given_by_name: Mapped[str]


SIGNABLE = frozenset({ChallengeState.EVALUATING, ChallengeState.SHORTLISTED})
"""States of a challenge in which its decisions are prepared and may be co-signed."""


class CoSignature(Base):
    """The region's word on prepared decisions: the list was flagged, or public money is given."""

    __tablename__ = "co_signatures"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True
    )
    note: Mapped[str]
    signed_at: Mapped[datetime]
    signed_by_name: Mapped[str]


declare(
    Topic.LIST,
    {
        "match.moved_up": N_("Moved up on the shortlist"),
        "match.moved_down": N_("Moved down on the shortlist"),
        "match.note_written": N_("Note written: why it is on the shortlist"),
        "shortlist.sent": N_("Shortlist sent"),
        "shortlist.paced": N_("Set how invitations go out"),
        "shortlist.share_explained": N_("Share of own members explained"),
    },
)


MOST_AT_ONCE = 50
LONGEST_WAIT = 30


class SendingPlan(Base):
    """In what batches the invitations of a challenge go out; without one, ``Pace()`` holds."""

    __tablename__ = "sending_plans"

    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True
    )
    batch_size: Mapped[int]
    wait_days: Mapped[int]
    is_automatic: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


@dataclass(frozen=True)
class Pace:
    """How many go out at once, and when the next may follow."""

    batch_size: int = 10
    wait_days: int = 7
    """So long the next batch waits for replies to the last; once all have replied it goes."""
    is_automatic: bool = True
    """Whether the platform sends it, or a curator by hand."""


declare(
    Topic.DECISIONS,
    {
        "challenge.signature_wanted": N_("The region was asked to co-sign"),
        "challenge.cosigned": N_("Co-signed by the region"),
    },
)
