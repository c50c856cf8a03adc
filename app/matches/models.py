"""Match runs (what the machine found, never changed) and matches (what people made of it)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge, RequirementKind
from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.state_machine import Mover, StateMachine, arrows
from app.organisations.models import Organisation

EVIDENCE_WANTED = "matches.evidence_wanted"
"""Job kind: gather the evidence of one organisation; payload names challenge and organisation."""
PROFILE_LEARNED = "matches.profile_learned"
"""Job kind: the engine knows the newest profile of one organisation; payload names it."""
ASK_AGAIN = "matches.ask_again"
"""Job kind: write once more to somebody who said "not now"; payload names match and person."""
ANSWERS_END = "matches.answers_end"
"""Job kind: invitations without reply expire when the challenge closes; payload names it."""


class MatchState(LabelledEnum):
    """Where a match of an organisation with a challenge stands."""

    SUGGESTED = "suggested", N_("Suggested")
    ADDED = "added", N_("Added by hand")
    KEPT = "kept", N_("On the shortlist")
    DROPPED = "dropped", N_("Not a fit")
    SENT = "sent", N_("Invited")
    SEEN = "seen", N_("Invitation read")
    INTERESTED = "interested", N_("Interested")
    DECLINED = "declined", N_("Not for them")
    EXPIRED = "expired", N_("No reply")
    CONVERTED = "converted", N_("Has answered")


S = MatchState
CURATORS = (Mover.CURATOR, Mover.REGION)
MACHINE: StateMachine[MatchState] = StateMachine(
    "match",
    [
        *arrows([S.SUGGESTED, S.ADDED, S.DROPPED], S.KEPT, *CURATORS),
        *arrows([S.SUGGESTED, S.ADDED, S.KEPT], S.DROPPED, *CURATORS, needs_reason=True),
        # Undone: back to where it came from.
        *arrows([S.KEPT, S.DROPPED], S.SUGGESTED, *CURATORS),
        *arrows([S.KEPT, S.DROPPED], S.ADDED, *CURATORS),
        *arrows([S.KEPT], S.SENT, *CURATORS),
        *arrows([S.SENT], S.SEEN, Mover.RESPONDER),
        *arrows([S.SENT, S.SEEN, S.DECLINED], S.INTERESTED, Mover.RESPONDER),
        *arrows([S.SENT, S.SEEN, S.INTERESTED], S.DECLINED, Mover.RESPONDER),
        *arrows([S.SENT, S.SEEN], S.EXPIRED, Mover.TIMER),
        *arrows([S.SENT, S.SEEN, S.INTERESTED, S.DECLINED], S.CONVERTED, Mover.RESPONDER),
    ],
)
TO_CURATE = frozenset({S.SUGGESTED, S.ADDED, S.KEPT, S.DROPPED})
"""States in which the organisation knows nothing yet and the newest evidence counts."""
UNANSWERED = frozenset({S.SENT, S.SEEN})
INVITED_STATES = frozenset({S.SENT, S.SEEN, S.INTERESTED, S.DECLINED, S.EXPIRED, S.CONVERTED})
"""States in which the organisation knows of the match."""
SHORTLIST_STATES = INVITED_STATES | {S.KEPT}


class Verdict(LabelledEnum):
    """How well published evidence answers one requirement."""

    MET = "met", N_("Met")
    PARTLY = "partly", N_("Partly")
    NONE = "none", N_("No evidence")


class DropReason(LabelledEnum):
    """Why a curator leaves somebody out."""

    WRONG_SCALE = "wrong_scale", N_("Wrong scale")
    EVIDENCE_WEAK = "evidence_weak", N_("The evidence does not hold")
    NOT_AVAILABLE = "not_available", N_("Not available in time")
    CONFLICT = "conflict", N_("Conflict of interest")
    OTHER = "other", N_("Another reason")


class Reply(LabelledEnum):
    """What an invited organisation says."""

    INTERESTED = "interested", N_("We are interested")
    NOT_FOR_US = "not_for_us", N_("Not for us")
    NOT_NOW = "not_now", N_("Not now")


class MatchRun(Base):
    """One ranking of all eligible organisations for a challenge, with all that reproduces it."""

    __tablename__ = "match_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    created_at: Mapped[datetime]
    engine: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Model, text recipe, weights and library versions, as the engine describes itself."""
    documents_checksum: Mapped[str]
    need: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The need exactly as it was ranked."""
    eligible_count: Mapped[int]
    requested_by_name: Mapped[str] = mapped_column(default="")
    """Who asked for it; empty when the platform did, on publication."""
    candidates: Mapped[list["Candidate"]] = relationship(
        back_populates="run", order_by="Candidate.rank", lazy="raise"
    )


class Candidate(Base):
    """An organisation's place in a run, or the evidence gathered in it for one that has none."""

    __tablename__ = "candidates"
    __table_args__ = (UniqueConstraint("run_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("match_runs.id", ondelete="CASCADE"), index=True)
    run: Mapped[MatchRun] = relationship(back_populates="candidates", lazy="raise")
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    rank: Mapped[int | None]
    """From 1; none when the run did not list it, because a curator added it by hand."""
    score: Mapped[float]
    """0 to 100."""
    parts: Mapped[dict[str, float]] = mapped_column(JSON)
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    evidence: Mapped[list["Evidence"]] = relationship(order_by="Evidence.position", lazy="raise")


class Evidence(Base):
    """What answers one requirement: the sentence as it stood when the run was made."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidates.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    requirement_text: Mapped[str]
    requirement_kind: Mapped[str]
    verdict: Mapped[Verdict]
    strength: Mapped[float]
    passage_id: Mapped[int | None] = mapped_column(ForeignKey("passages.id", ondelete="SET NULL"))
    quote: Mapped[str] = mapped_column(default="")
    highlights: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    """Character ranges of the quote that carry it: ``[[start, end], …]``."""
    lang: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(default="")

    @property
    def code(self) -> str:
        """The requirement's name on pages: R1, R2 and so on."""
        return f"R{self.position}"

    @property
    def is_must(self) -> bool:
        """Whether an answer without it is out."""
        return self.requirement_kind == RequirementKind.MUST

    @property
    def has_link(self) -> bool:
        """Whether the source has an address that is safe to follow."""
        return self.source_url.startswith(("https://", "http://"))

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The quote in order, cut where highlights begin and end: ``(text, is highlighted)``."""
        found: list[tuple[str, bool]] = []
        here = 0
        for start, end in self._spans():
            found += [(self.quote[here:start], False), (self.quote[start:end], True)]
            here = end
        return [(text, marked) for text, marked in [*found, (self.quote[here:], False)] if text]

    def _spans(self) -> list[tuple[int, int]]:
        """The highlights in order; nonsense is left out, neighbours with only a space between
        them are one.
        """
        spans: list[tuple[int, int]] = []
        for start, end in sorted(self.highlights):
            last_end = spans[-1][1] if spans else 0
            if not last_end <= start < end <= len(self.quote):
                continue
            if spans and not self.quote[last_end:start].strip():
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return spans


class SimilarChallenge(Base):
    """Another challenge that asks for the same as a draft, as the engine last found it."""

    __tablename__ = "similar_challenges"
    __table_args__ = (UniqueConstraint("challenge_id", "other_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenges.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("challenges.id", ondelete="CASCADE"))
    other: Mapped[Challenge] = relationship(foreign_keys=[other_id], lazy="raise")
    is_duplicate: Mapped[bool]
    """Whether it is the same call told twice, and not only a related one."""
    closeness: Mapped[float]
    shared: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    """Positions of requirements that ask for the same: ``[[own, other], …]``."""
    found_at: Mapped[datetime]


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
    drop_reason: Mapped[DropReason | None]
    decline_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    not_now_until: Mapped[datetime | None]
    """Set by "not now": we ask again after this moment."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


declare(
    Topic.LIST,
    {
        "match.suggested": N_("Put back among the suggestions"),
        "match.added": N_("Added by hand"),
        "match.kept": N_("Kept on the shortlist"),
        "match.dropped": N_("Left out of the shortlist"),
        "match.sent": N_("Invited to answer"),
        "match.seen": N_("Invitation read"),
        "match.interested": N_("Said to be interested"),
        "match.declined": N_("Said that it is not for them"),
        "match.postponed": N_("Asked to be written to again later"),
        "match.expired": N_("Invitation expired without reply"),
        "match.converted": N_("Invitation answered with an answer"),
    },
)
