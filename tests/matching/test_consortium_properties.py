"""What holds for all proposals, checked against trying every set."""

from collections.abc import Iterator, Mapping
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Evidence, Match, Need, Verdict, consortia
from tests.matching.matches import asking, make_matches
from tests.matching.strategies import shuffled

pytestmark = pytest.mark.slow

Key = tuple[int, int, int, int]

NEED = asking("dig", "pump", "fly", wishes=("paint", "sing"))
NAMES = [requirement.key for requirement in NEED.requirements]
strengths = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([0.6, 0.75, 0.8, 0.95]))
candidates = st.dictionaries(st.sampled_from("abcdefg"), strengths, max_size=7).map(
    lambda found: make_matches(NEED, found)
)


@settings(max_examples=60)
@given(candidates)
def test_proposals_are_the_best_of_all_minimal_sets(found: list[Match]) -> None:
    expected = sorted(key_of(chosen) for chosen in minimal_sets(NEED, found))

    by_key = {match.key: match for match in found}
    proposals = consortia(NEED, found, most=4).proposals
    chosen = [tuple(by_key[partner] for partner in each.partners) for each in proposals]

    assert [key_of(each) for each in chosen] == expected[:4]
    assert len({each.partners for each in proposals}) == len(proposals)


@settings(max_examples=30)
@given(candidates, st.integers())
def test_the_order_of_input_does_not_matter(found: list[Match], seed: int) -> None:

    assert consortia(NEED, shuffled(found, seed)) == consortia(NEED, found)


@settings(max_examples=30)
@given(candidates)
def test_the_matrix_is_the_evidence_of_the_partners(found: list[Match]) -> None:
    by_key = {match.key: match for match in found}

    for proposal in consortia(NEED, found).proposals:
        columns = [by_key[partner].evidence for partner in proposal.partners]
        assert list(proposal.matrix) == list(zip(*columns, strict=True))


def minimal_sets(need: Need, found: list[Match]) -> Iterator[tuple[Match, ...]]:
    """Every set that covers what can be covered, and none of whose subsets does."""
    covered = {match.key: met_by(match, need, must=True) for match in found}
    wanted = frozenset().union(*covered.values())
    for size in range(1, len(found) + 1):
        for chosen in combinations(found, size):
            if covers(chosen, covered, wanted) and not any(
                covers(fewer, covered, wanted) for fewer in combinations(chosen, size - 1)
            ):
                yield chosen


def covers(
    chosen: tuple[Match, ...], covered: Mapping[str, frozenset[str]], wanted: frozenset[str]
) -> bool:
    return bool(wanted) and frozenset().union(*(covered[m.key] for m in chosen)) == wanted


def met_by(match: Match, need: Need, *, must: bool) -> frozenset[str]:
    asked = {requirement.key for requirement in need.requirements if requirement.must is must}
    return frozenset(
        e.requirement for e in match.evidence if e.requirement in asked and e.verdict is Verdict.MET
    )


def key_of(chosen: tuple[Match, ...]) -> Key:
    """What proposals are sorted by: partners, strength, wishes, places."""
    best: dict[str, int] = {}
    for evidence in (each for match in chosen for each in met(match)):
        percent = round(100 * evidence.strength)
        best[evidence.requirement] = max(best.get(evidence.requirement, 0), percent)
    musts = {r.key for r in NEED.requirements if r.must}
    strength = sum(percent for name, percent in best.items() if name in musts)
    wishes = len(best.keys() - musts)
    return len(chosen), -strength, -wishes, sum(match.rank for match in chosen)


def met(match: Match) -> list[Evidence]:
    return [each for each in match.evidence if each.verdict is Verdict.MET]
