"""Matches made by hand, for what is done with a ranking once it is there."""

from collections.abc import Mapping

from matching import Evidence, Match, Need, Requirement, Verdict
from matching.evidence import verdict_of
from matching.weights import DEFAULT_WEIGHTS


def make_evidence(requirement: str, strength: float) -> Evidence:
    verdict = verdict_of(strength, DEFAULT_WEIGHTS)
    if verdict is Verdict.NONE:
        return Evidence(requirement, verdict, strength, None, "", ())
    return Evidence(requirement, verdict, strength, "p1", f"We do {requirement}.", ())


def make_match(key: str, rank: int, score: float = 0.0, **strengths: float) -> Match:
    """A match with evidence of these strengths, by requirement key."""
    evidence = tuple(make_evidence(name, each) for name, each in strengths.items())
    return Match(key, rank, score, {"theme": score}, evidence)


def make_matches(need: Need, strengths_by_key: Mapping[str, Mapping[str, float]]) -> list[Match]:
    """Matches in this order; a requirement that is not named has no evidence."""
    nothing = {requirement.key: 0.0 for requirement in need.requirements}
    return [
        make_match(key, rank, **{**nothing, **strengths})
        for rank, (key, strengths) in enumerate(strengths_by_key.items(), 1)
    ]


def asking(*musts: str, wishes: tuple[str, ...] = ()) -> Need:
    asked = [Requirement(key, key) for key in musts]
    wished = [Requirement(key, key, must=False) for key in wishes]
    return Need("need", "Need", "", "en", (*asked, *wished))
