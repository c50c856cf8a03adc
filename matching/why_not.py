"""Why a profile is not on a list, and the smallest true change that would bring it there."""

from collections.abc import Mapping
from dataclasses import dataclass

from matching.documents import Evidence, Match, Need, Requirement, Verdict
from matching.eligibility import Eligibility
from matching.engine import MatchingEngine


@dataclass(frozen=True, slots=True)
class Gap:
    """A requirement that is not met, and what was found to it: a quote, or nothing."""

    requirement: Requirement
    found: Evidence


@dataclass(frozen=True, slots=True)
class Listed:
    """It is on the list."""

    match: Match


@dataclass(frozen=True, slots=True)
class KeptOff:
    """Filters keep it off, all of which are named; what it says does not matter then."""

    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outranked:
    """Others answer better.

    ``match`` is its own place among all eligible profiles. ``last`` is the last of those listed,
    or None if nobody reaches the least score. ``gaps`` are all requirements without full
    evidence, in the order of the need.

    ``way_in`` are the fewest of them that would bring it into the list if its profile showed
    that it meets them, the rest being as it is. It is None if all of them together would not.
    What a profile shows must be true; that is for the caller to say.
    """

    match: Match
    last: Match | None
    gaps: tuple[Gap, ...]
    way_in: tuple[Gap, ...] | None


@dataclass(frozen=True, slots=True)
class ListRule:
    """How a list is cut: its length, the least score it takes, and who may appear (all if None)."""

    top: int = 50
    least_score: float = 0.0
    eligibility: Eligibility | None = None


def why_not(
    engine: MatchingEngine, need: Need, key: str, rule: ListRule
) -> Listed | KeptOff | Outranked:
    """Say where a profile stands in the list of a need, and why it is not on it.

    :raises KeyError: if the engine does not know the profile, or the rule lacks facts about it
    :raises ValueError: if the need says nothing, so that there is no list
    """
    if rule.eligibility is not None and key not in rule.eligibility.eligible:
        return KeptOff(rule.eligibility.kept_off_by[key])
    eligible = None if rule.eligibility is None else rule.eligibility.eligible
    ranked = engine.rank(need, top=rule.top, eligible=eligible, explain=False)
    if not ranked:
        raise ValueError("The need has no list.")
    listed = [match for match in ranked if match.score >= rule.least_score]
    match = engine.explain(need, key, eligible=eligible)
    if key in {each.key for each in listed}:
        return Listed(match)
    gaps = _gaps(need, match)
    way_in = _way_in(gaps, engine.gains(need, key), _Door(match, listed, rule))
    return Outranked(match, listed[-1] if listed else None, gaps, way_in)


def _gaps(need: Need, match: Match) -> tuple[Gap, ...]:
    asked = zip(need.requirements, match.evidence, strict=True)
    return tuple(Gap(each, found) for each, found in asked if found.verdict is not Verdict.MET)


@dataclass(frozen=True, slots=True)
class _Door:
    match: Match
    listed: list[Match]
    rule: ListRule

    def opens_with(self, gained: float) -> bool:
        score = self.match.score + gained
        if score < self.rule.least_score:
            return False
        if len(self.listed) < self.rule.top:
            return True
        last = self.listed[-1]
        return (-score, self.match.key) < (-last.score, last.key)


def _way_in(
    gaps: tuple[Gap, ...], gains: Mapping[str, float], door: _Door
) -> tuple[Gap, ...] | None:
    """Gains add up, so the fewest are the greatest; of equals those that come first."""
    gained, chosen = 0.0, set[str]()
    for gap in sorted(gaps, key=lambda gap: -gains[gap.requirement.key]):
        gained += gains[gap.requirement.key]
        chosen.add(gap.requirement.key)
        if door.opens_with(gained):
            return tuple(each for each in gaps if each.requirement.key in chosen)
    return None
