"""Exposure on one list, against what can be computed by hand; pages test the mean over lists."""

from math import log2

import pytest

from app.monitoring.fairness import shares
from app.monitoring.policy.exposure import Exposure, Place


def test_shares_of_one_list() -> None:
    places = [Place(1, 1, 60.0), Place(2, 2, 40.0)]
    clusters = {1: frozenset({7}), 2: frozenset({8}), 3: frozenset({8})}

    one, two = sorted(shares(places, clusters), key=lambda share: share.cluster_id)

    top, next_ = 1.0, 1 / log2(3)
    assert (one.cluster_id, one.places, two.cluster_id, two.places) == (7, 1, 8, 1)
    assert one.share_of_relevance == pytest.approx(0.6)
    assert one.share_of_exposure == pytest.approx(top / (top + next_))
    assert two.share_of_relevance == pytest.approx(0.4)
    assert two.share_of_exposure == pytest.approx(next_ / (top + next_))


def test_who_stands_below_the_first_ten_misses_its_floor() -> None:
    """Half of twenty belong to the cluster, so a lot drawn ten times nearly always gives three."""
    places = [Place(number, number, 100.0 - number) for number in range(1, 21)]
    clusters = {number: frozenset({7 if number > 10 else 8}) for number in range(1, 21)}

    low, high = sorted(shares(places, clusters), key=lambda share: share.cluster_id)

    assert (low.cluster_id, low.places, low.share_of_exposure) == (7, 0, 0.0)
    assert low.floor > low.places
    assert high.places == 10
    assert high.share_of_exposure == pytest.approx(1.0)
    assert 0 < high.floor <= high.places


@pytest.mark.parametrize(
    ("relevance", "exposure", "is_short"), [(0.5, 0.39, True), (0.5, 0.4, False), (0.0, 0.0, False)]
)
def test_who_gets_far_less_than_they_bring_is_short(
    relevance: float, exposure: float, *, is_short: bool
) -> None:
    assert Exposure(7, 1, 1, relevance, exposure, 0, 0).is_short is is_short
