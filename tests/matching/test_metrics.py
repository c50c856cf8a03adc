"""Metrics on rankings small enough to check by hand."""

from math import log2

import numpy as np
import pytest

from matching.evaluation.metrics import (
    METRICS,
    Estimate,
    estimate,
    hit_at,
    ndcg_at,
    recall_at,
    reciprocal_rank_at,
)

GRADES = {"a": 2.0, "b": 1.0, "z": 0.0}


def test_ndcg_rewards_high_grades_high_up() -> None:
    ideal = 3 + 1 / log2(3)

    assert ndcg_at(10, ["a", "b"], GRADES) == pytest.approx(1)
    assert ndcg_at(10, ["b", "a"], GRADES) == pytest.approx((1 + 3 / log2(3)) / ideal)
    assert ndcg_at(1, ["z", "a"], GRADES) == 0


def test_reciprocal_rank_counts_to_the_first_relevant() -> None:
    assert reciprocal_rank_at(100, ["z", "x", "b", "a"], GRADES) == pytest.approx(1 / 3)
    assert reciprocal_rank_at(2, ["z", "x", "b"], GRADES) == 0


def test_recall_is_a_share_of_the_relevant() -> None:
    assert recall_at(10, ["z", "b"], GRADES) == 0.5
    assert recall_at(1, ["z", "b"], GRADES) == 0


def test_hit_is_all_or_nothing() -> None:
    assert (hit_at(1, ["a"], GRADES), hit_at(1, ["z", "a"], GRADES)) == (1, 0)


@pytest.mark.parametrize("name", METRICS)
def test_nothing_relevant_or_nothing_found_is_zero(name: str) -> None:
    assert METRICS[name](["z"], {"z": 0.0}) == 0
    assert METRICS[name]([], GRADES) == 0


def test_an_estimate_holds_its_mean_and_repeats_with_its_seed() -> None:
    values = [0.0, 0.2, 0.4, 0.9, 1.0] * 10

    first = estimate(values, random=np.random.default_rng(7))

    assert first.mean == pytest.approx(0.5)
    assert first.low < 0.45
    assert first.high > 0.55
    assert first == estimate(values, random=np.random.default_rng(7))


def test_equal_values_leave_no_doubt() -> None:
    assert estimate([0.5] * 8, random=np.random.default_rng(1)) == Estimate(0.5, 0.5, 0.5)


def test_nothing_cannot_be_estimated() -> None:
    with pytest.raises(ValueError, match="nothing to estimate"):
        estimate([], random=np.random.default_rng(1))
