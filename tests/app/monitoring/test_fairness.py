"""Exposure over several lists, against what can be computed by hand."""

from math import log2

import pytest

from app.monitoring.fairness import exposures
from app.monitoring.queries.rows import Place


def test_shares_are_the_mean_over_lists() -> None:
    first = [Place(1, 1, 60.0), Place(2, 2, 40.0)]
    second = [Place(2, 1, 50.0), Place(3, 2, 50.0)]
    clusters = {1: frozenset({7}), 2: frozenset({8}), 3: frozenset({8})}

    one, two = exposures({1: first, 2: second}, clusters)

    top, next_ = 1.0, 1 / log2(3)
    assert (one.cluster_id, one.lists, one.places) == (7, 1, 1)
    assert one.share_of_relevance == pytest.approx(0.6 / 2)
    assert one.share_of_exposure == pytest.approx(top / (top + next_) / 2)
    assert (two.cluster_id, two.lists, two.places) == (8, 2, 3)
    assert two.share_of_relevance == pytest.approx((0.4 + 1.0) / 2)
    assert two.share_of_exposure == pytest.approx((next_ / (top + next_) + 1.0) / 2)
    assert not two.is_short


def test_who_stands_below_the_first_ten_is_short_and_misses_its_floor() -> None:
    """Half of twenty belong to the cluster, so a lot drawn ten times nearly always gives three."""
    places = [Place(number, number, 100.0 - number) for number in range(1, 21)]
    clusters = {number: frozenset({7 if number > 10 else 8}) for number in range(1, 21)}

    low, high = exposures({1: places}, clusters)

    assert (low.cluster_id, low.places, low.share_of_exposure) == (7, 0, 0.0)
    assert (low.floors, low.floors_met, low.is_short) == (1, 0, True)
    assert high.places == 10
    assert high.share_of_exposure == pytest.approx(1.0)
    assert (high.floors, high.floors_met, high.is_short) == (1, 1, False)


def test_without_a_list_there_is_nothing_to_share() -> None:
    assert exposures({}, {1: frozenset({7})}) == []
