"""Needs that an organisation can answer, and how it stands on the list of one of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge
from app.core.database import Base
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.matches.eligibility import Hurdle
from app.matches.models import Evidence, Verdict
from app.matches.policy import Strength, strength_of
from app.organisations.models import Organisation

FEED_WANTED = "opportunities.feed_wanted"
"""Job kind: find the needs that one organisation answers best; payload names it."""
CHECK_WANTED = "opportunities.check_wanted"
"""Job kind: find out why an organisation is (not) on a list; payload names it and the challenge."""
EVERY_NIGHT = "opportunities.every_night"
"""Job kind: make all feeds anew."""

_EVIDENCE = (
    "position", "requirement_text", "requirement_kind", "verdict", "strength", "passage_id",
    "quote", "highlights", "lang", "source", "source_url",
)  # fmt: skip

StoredLines = list[dict[str, Any]]


def stored(evidence: Iterable[Evidence]) -> StoredLines:
    """Return evidence as it is kept with what it explains."""
    return [{name: getattr(line, name) for name in _EVIDENCE} for line in evidence]


def _told(lines: StoredLines) -> list[Evidence]:
    return [Evidence(**{**line, "verdict": Verdict(line["verdict"])}) for line in lines]


class Standing(LabelledEnum):
    """Where a need stood when it was compared with a profile."""

    OPEN = "open", N_("Open for answers")
    ANNOUNCED = "announced", N_("Opens soon")
    UNANSWERED = "unanswered", N_("Nobody answered it")


class Feed(Base):
    """When an organisation's profile was last compared with everybody's needs, and with how many.

    Its entries are the organisation's opportunities.
    """

    __tablename__ = "feeds"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    made_at: Mapped[datetime]
    need_count: Mapped[int]


class Opportunity(Base):
    """A need that an organisation can answer, by what its profile says."""

    __tablename__ = "opportunities"
    __table_args__ = (UniqueConstraint("organisation_id", "challenge_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    standing: Mapped[Standing]
    rank: Mapped[int]
    """Among the organisation's opportunities, from 1."""
    score: Mapped[float]
    """0 to 100, as on the challenge's own list."""
    lines: Mapped[StoredLines] = mapped_column(JSON)
    """One per requirement, as ``stored`` makes them."""

    @property
    def strength(self) -> Strength:
        """The score in a word."""
        return strength_of(self.score)

    @property
    def evidence(self) -> list[Evidence]:
        """One line a requirement."""
        return _told(self.lines)

    @property
    def found(self) -> list[Evidence]:
        """The lines with a quote."""
        return [line for line in self.evidence if line.quote]


class Outcome(LabelledEnum):
    """How an organisation stands on the list that the matching makes for a challenge."""

    LISTED = "listed", N_("On the list")
    KEPT_OFF = "kept_off", N_("Kept off the list")
    OUTRANKED = "outranked", N_("Not on the list")
    NO_LIST = "no_list", N_("No list")


class FitCheck(Base):
    """An organisation's standing on one list, as its people asked for it; about itself alone."""

    __tablename__ = "fit_checks"
    __table_args__ = (UniqueConstraint("organisation_id", "challenge_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    made_at: Mapped[datetime]
    outcome: Mapped[Outcome]
    hurdle_names: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Every filter that keeps the organisation off, if some do."""
    eligible_count: Mapped[int]
    place: Mapped[int | None]
    """Among all eligible organisations, from 1."""
    score: Mapped[float | None]
    last_score: Mapped[float | None]
    """The least score on the list; none if nobody reached it."""
    lines: Mapped[StoredLines] = mapped_column(JSON, default=list)
    way_in: Mapped[list[int] | None] = mapped_column(JSON)
    """Positions of the fewest requirements which, shown to be met, bring it onto the list."""

    @property
    def hurdles(self) -> list[Hurdle]:
        """The filters that keep the organisation off."""
        return [Hurdle(name) for name in self.hurdle_names]

    @property
    def evidence(self) -> list[Evidence]:
        """One line a requirement."""
        return _told(self.lines)

    @property
    def found(self) -> list[Evidence]:
        """The lines with a quote."""
        return [line for line in self.evidence if line.quote]

    @property
    def way(self) -> list[Evidence]:
        """The lines of the requirements that would have to be shown."""
        return [line for line in self.evidence if line.position in (self.way_in or ())]
