"""Every cluster gets its places, as far as relevance allows."""

import pytest

from matching import ClusterExposure, FairList, Floors, Match, exposure, floors_by_lot, with_floors
from tests.matching.matches import make_match

CLUSTERS = {
    "port1": ["harbour"],
    "port2": ["harbour"],
    "port3": ["harbour"],
    "bio": ["health"],
    "both": ["health", "energy"],
    "sun": ["energy"],
}


def ranked(**scores: float) -> list[Match]:
    return [make_match(key, rank, score) for rank, (key, score) in enumerate(scores.items(), 1)]


CLOSE = ranked(port1=60, port2=58, port3=57, bio=56, sun=55, both=20)


def keys(found: FairList) -> list[str]:
    return [match.key for match in found.matches]


def test_a_cluster_gets_its_place_and_its_best_member_takes_it() -> None:
    found = with_floors(CLOSE, CLUSTERS, Floors({"health": 1}, top=3))

    assert keys(found) == ["port1", "port2", "bio", "port3", "sun", "both"]
    assert [match.rank for match in found.matches] == [1, 2, 3, 4, 5, 6]
    assert (found.brought_up, found.missing) == (("bio",), {})
    assert found.kept == pytest.approx((60 + 58 + 56) / (60 + 58 + 57))


def test_where_floors_are_met_nothing_moves() -> None:
    found = with_floors(CLOSE, CLUSTERS, Floors({"harbour": 2, "health": 0}, top=3))

    assert list(found.matches) == CLOSE
    assert (found.kept, found.brought_up, found.missing) == (1.0, (), {})


def test_one_member_fills_the_places_of_all_its_clusters() -> None:
    matches = ranked(port1=60, port2=59, port3=58, bio=58, sun=58, both=57)

    found = with_floors(matches, CLUSTERS, Floors({"health": 1, "energy": 1}, top=2))

    assert keys(found)[:2] == ["port1", "both"]


def test_relevance_wins_over_a_floor_and_the_shortfall_is_told() -> None:
    matches = ranked(port1=60, port2=58, port3=57, bio=20, sun=55)

    found = with_floors(matches, CLUSTERS, Floors({"health": 1, "energy": 1}, top=3))

    assert found.brought_up == ("sun",)
    assert found.missing == {"health": 1}
    assert found.kept >= 0.95


def test_the_same_floor_is_met_if_relevance_may_go() -> None:
    matches = ranked(port1=60, port2=58, port3=57, bio=20, sun=55)

    found = with_floors(matches, CLUSTERS, Floors({"health": 1, "energy": 1}, top=3, keep=0.5))

    assert (found.missing, found.brought_up) == ({}, ("sun", "bio"))


def test_a_floor_above_the_number_of_members_falls_short_by_the_rest() -> None:
    found = with_floors(CLOSE, CLUSTERS, Floors({"health": 3, "unknown": 1}, top=3, keep=0))

    assert found.missing == {"health": 1, "unknown": 1}


def test_nobody_who_scores_too_little_is_brought_up() -> None:
    low = ranked(port1=60, port2=58, port3=7, sun=6)

    assert with_floors(low, CLUSTERS, Floors({"energy": 1}, top=3)).brought_up == ("sun",)
    found = with_floors(low, CLUSTERS, Floors({"energy": 1}, top=3, least_score=17))
    assert (found.brought_up, found.missing) == ((), {"energy": 1})


def test_when_time_runs_out_that_is_said_and_relevance_is_kept() -> None:
    many = [make_match(f"k{n:03}", n, 60 - 0.01 * n) for n in range(1, 200)]
    clusters = {f"k{n:03}": [f"c{n % 7}", f"d{n % 11}"] for n in range(1, 200)}
    places = {cluster: 2 for of_one in clusters.values() for cluster in of_one}

    found = with_floors(many, clusters, Floors(places, top=20, keep=0.999, seconds=0.0))

    assert not found.proven
    assert found.kept >= 0.999
    assert with_floors(many, clusters, Floors(places, top=20, keep=0.999)).proven


def test_lists_without_relevance_or_without_anybody_have_nothing_to_lose() -> None:
    worthless = with_floors(ranked(port1=0, sun=0), CLUSTERS, Floors({"energy": 1}, top=1))

    assert (worthless.kept, keys(worthless)) == (1.0, ["sun", "port1"])
    assert with_floors([], CLUSTERS, Floors({"energy": 1})) == FairList((), 1.0, (), {"energy": 1})


@pytest.mark.parametrize("keep", [-0.1, 1.1])
def test_a_bound_that_is_no_share_is_refused(keep: float) -> None:
    with pytest.raises(ValueError, match="share between 0 and 1"):
        Floors({}, keep=keep)


def test_exposure_is_told_against_the_share_of_the_list() -> None:
    energy, harbour, health = exposure(CLOSE, CLUSTERS, top=2)

    assert harbour == ClusterExposure("harbour", 3, 0.5, 175 / 306, 2, 1.0)
    assert (energy.members, energy.places, energy.share_of_exposure) == (2, 0, 0)
    assert health.share_of_members == pytest.approx(1 / 3)


def test_the_first_place_is_seen_most() -> None:
    _, harbour, health = exposure(ranked(bio=50, port1=50, sun=50), CLUSTERS, top=2)

    assert health.share_of_exposure == pytest.approx(1 / (1 + 1 / 1.5849625))
    assert harbour.share_of_exposure == pytest.approx(1 - health.share_of_exposure)


def test_nothing_to_see_has_no_exposure() -> None:
    assert exposure([], CLUSTERS) == ()
    assert {each.share_of_exposure for each in exposure(CLOSE, CLUSTERS, top=0)} == {0.0}


def test_floors_by_lot_are_those_of_the_published_table() -> None:
    """Zehlike et al. 2017, table 4: alpha = 0.1, places 10; p = .1, .3, .5, .7."""
    for share, floor in ((1, 0), (3, 1), (5, 3), (7, 5)):
        matches = [make_match(f"k{number}", number) for number in range(10)]
        members = {f"k{number}": ["cluster"] for number in range(share)}

        assert floors_by_lot(matches, members) == {"cluster": floor}


def test_a_cluster_alone_in_the_list_gets_every_place() -> None:
    matches = [make_match(f"k{number}", number) for number in range(4)]

    assert floors_by_lot(matches, {f"k{n}": ["only"] for n in range(4)}) == {"only": 4}
    assert floors_by_lot([], {}) == {}
