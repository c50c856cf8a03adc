"""Match runs: what the machine found, never changed."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge, RequirementKind
from app.core.database import Base
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.organisations.models import Organisation


class Verdict(LabelledEnum):
    """How well published evidence answers one requirement."""

    MET = "met", N_("Met")
    PARTLY = "partly", N_("Partly")
    NONE = "none", N_("No evidence")


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


class _Line(Protocol):
    """What is told of a line of evidence, however it was read."""

    @property
    def position(self) -> int: ...
    @property
    def requirement_kind(self) -> str: ...
    @property
    def quote(self) -> str: ...
    @property
    def highlights(self) -> list[list[int]]: ...
    @property
    def source_url(self) -> str: ...


class _Told:
    """How pages tell of a line of evidence."""

    __slots__ = ()

    @property
    def code(self: _Line) -> str:
        """The requirement's name on pages: R1, R2 and so on."""
        return f"R{self.position}"

    @property
    def is_must(self: _Line) -> bool:
        """Whether an answer without it is out."""
        return self.requirement_kind == RequirementKind.MUST

    @property
    def has_link(self: _Line) -> bool:
        """Whether the source has an address that is safe to follow."""
        return has_safe_scheme(self.source_url)

    @property
    def pieces(self: _Line) -> list[tuple[str, bool]]:
        """The quote in order, cut where highlights begin and end: ``(text, is highlighted)``."""
        return pieces_of(self.quote, self.highlights)


class Evidence(_Told, Base):
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


class _StoredLine(NamedTuple):
    position: int
    requirement_text: str
    requirement_kind: str
    verdict: Verdict
    passage_id: int | None
    quote: str
    stored_highlights: str
    """As the database has them: few lines of a list are ever looked at so closely."""
    lang: str
    source: str
    source_url: str


class EvidenceLine(_Told, _StoredLine):
    """Evidence as lists read it: the plain values of one row."""

    __slots__ = ()

    @property
    def highlights(self) -> list[list[int]]:
        """Character ranges of the quote that carry it."""
        found: list[list[int]] = json.loads(self.stored_highlights)
        return found


def has_safe_scheme(address: str) -> bool:
    """Whether an address, which somebody else wrote, may become a link."""
    return address.startswith(("https://", "http://"))


def pieces_of(quote: str, highlights: Iterable[list[int]]) -> list[tuple[str, bool]]:
    """Return a quote in order, cut where highlights begin and end: ``(text, is highlighted)``."""
    found: list[tuple[str, bool]] = []
    here = 0
    for start, end in _spans(quote, highlights):
        found += [(quote[here:start], False), (quote[start:end], True)]
        here = end
    return [(text, marked) for text, marked in [*found, (quote[here:], False)] if text]


def _spans(quote: str, highlights: Iterable[list[int]]) -> list[tuple[int, int]]:
    """Return the highlights in order; nonsense is left out, neighbours with only a space between
    them are one.
    """
    spans: list[tuple[int, int]] = []
    for start, end in sorted(highlights):
        last_end = spans[-1][1] if spans else 0
        if not last_end <= start < end <= len(quote):
            continue
        if spans and not quote[last_end:start].strip():
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
