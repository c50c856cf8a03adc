"""What holds for all lists with floors, checked against trying every choice."""

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Floors, Match, with_floors
from tests.matching.matches import make_match
from tests.matching.strategies import shuffled

pytestmark = pytest.mark.slow

TOP = 4
Clusters = dict[str, list[str]]
Places = dict[str, int]

scores = st.lists(st.sampled_from([0.0, 5.5, 20.0, 33.3, 50.0, 51.0, 60.0]), max_size=8)
lists = scores.map(
    lambda found: [make_match(f"k{n}", n, score) for n, score in enumerate(found, 1)]
)
memberships = st.dictionaries(
    st.sampled_from([f"k{n}" for n in range(1, 9)]),
    st.lists(st.sampled_from("abc"), unique=True, max_size=2),
)
floors = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3))
shares = st.sampled_from([0.0, 0.8, 0.95, 1.0])


@settings(max_examples=60)
@given(lists, memberships, floors, shares)
def test_nothing_misses_fewer_places_nor_keeps_more_relevance(
    matches: list[Match], clusters: Clusters, wanted: Places, keep: float
) -> None:
    found = with_floors(matches, clusters, Floors(wanted, TOP, keep))

    first = found.matches[: min(TOP, len(matches))]
    highest = max(relevance(choice) for choice in combinations(matches, len(first)))
    possible = [
        (missing(choice, clusters, wanted), -relevance(choice))
        for choice in combinations(matches, len(first))
        if relevance(choice) >= keep * highest - 1e-6
    ]
    assert relevance(first) >= keep * highest - 1e-6
    assert found.proven
    fewest, most_relevance = min(possible)
    assert missing(first, clusters, wanted) == sum(found.missing.values()) == fewest
    assert abs(relevance(first) + most_relevance) < 1e-6


@settings(max_examples=40)
@given(lists, memberships, floors, st.integers())
def test_the_list_is_a_permutation_and_the_order_of_input_does_not_matter(
    matches: list[Match], clusters: Clusters, wanted: Places, seed: int
) -> None:

    found = with_floors(shuffled(matches, seed), clusters, Floors(wanted, TOP))

    assert sorted(match.key for match in found.matches) == [match.key for match in matches]
    assert [match.rank for match in found.matches] == list(range(1, len(matches) + 1))
    assert found == with_floors(matches, clusters, Floors(wanted, TOP))


@settings(max_examples=40)
@given(lists, memberships, floors, shares)
def test_doing_it_twice_changes_nothing(
    matches: list[Match], clusters: Clusters, wanted: Places, keep: float
) -> None:
    once = with_floors(matches, clusters, Floors(wanted, TOP, keep))

    assert with_floors(once.matches, clusters, Floors(wanted, TOP, keep)) == once


@settings(max_examples=40)
@given(lists, memberships, floors)
def test_higher_scores_stand_first_in_front_and_behind(
    matches: list[Match], clusters: Clusters, wanted: Places
) -> None:
    found = with_floors(matches, clusters, Floors(wanted, TOP)).matches

    for part in (found[:TOP], found[TOP:]):
        assert list(part) == sorted(part, key=lambda match: (-match.score, match.key))


def relevance(matches: Sequence[Match]) -> float:
    return sum(match.score for match in matches)


def missing(chosen: Sequence[Match], clusters: Clusters, wanted: Places) -> int:
    belonging = [cluster for match in chosen for cluster in clusters.get(match.key, [])]
    return sum(max(0, floor - belonging.count(cluster)) for cluster, floor in wanted.items())
