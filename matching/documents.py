"""What goes into the engine and what comes out of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

Clusters = Mapping[str, Collection[str]]
"""The clusters of each profile, by its key; a profile that is not named belongs to none."""


class PassageKind(StrEnum):
    CAPABILITY = "capability"
    REFERENCE = "reference"
    OFFER = "offer"
    DESCRIPTION = "description"


class Verdict(StrEnum):
    MET = "met"
    PARTLY = "partly"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Passage:
    """One statement an organisation makes about itself; the unit that can be quoted.

    ``lang`` is "en", "de" or "fr"; empty means: find out. ``key`` is unique within its profile.
    """

    key: str
    kind: PassageKind
    text: str
    lang: str = ""
    source: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    key: str
    passages: tuple[Passage, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    key: str
    text: str
    must: bool = True


@dataclass(frozen=True, slots=True)
class Need:
    """A whole (title and text) and the requirements it is made of."""

    key: str
    title: str
    text: str
    lang: str = ""
    requirements: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a profile says to one requirement: no span, no claim.

    ``quote`` is a sentence of the passage, character for character; ``highlights`` are the
    ranges within it of the words that carry the verdict. With ``Verdict.NONE`` there is no
    passage, no quote and no highlight.
    """

    requirement: str
    verdict: Verdict
    strength: float
    passage: str | None
    quote: str
    highlights: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Match:
    """One place in a ranking. ``parts`` are the named shares that add up to ``score`` (0..100)."""

    key: str
    rank: int
    score: float
    parts: Mapping[str, float]
    evidence: tuple[Evidence, ...]
    flags: tuple[str, ...] = ()
