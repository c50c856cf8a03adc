"""Intervals, and differences that are paired."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.evaluation.bootstrap import Estimate, Statistic, difference, estimate, mean_of

values = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def estimated(statistic: Statistic, cases: int) -> Estimate:
    return estimate(statistic, cases, random=np.random.default_rng(7))


def test_an_estimate_holds_its_mean_and_repeats_with_its_seed() -> None:
    figure = mean_of([0.0, 0.2, 0.4, 0.9, 1.0] * 10)

    first = estimated(figure, 50)

    assert first.mean == pytest.approx(0.52 - 0.02)
    assert first.low < 0.45
    assert first.high > 0.55
    assert first == estimated(figure, 50)


def test_the_interval_of_a_mean_is_that_of_its_standard_error() -> None:
    """Half of 400 cases are 1: the standard error is .5 / 20 = .025."""
    figure = estimated(mean_of([0.0, 1.0] * 200), 400)

    assert figure.low == pytest.approx(0.5 - 1.96 * 0.025, abs=0.008)
    assert figure.high == pytest.approx(0.5 + 1.96 * 0.025, abs=0.008)


def test_equal_values_leave_no_doubt() -> None:
    assert estimated(mean_of([0.5] * 8), 8) == Estimate(0.5, 0.5, 0.5)


def test_nothing_cannot_be_estimated() -> None:
    with pytest.raises(ValueError, match="nothing to estimate"):
        estimated(mean_of([]), 0)


def test_a_small_steady_gain_is_seen_only_when_paired() -> None:
    theirs = [0.0, 0.3, 0.6, 0.9] * 10
    ours = [value + 0.05 for value in theirs]

    one, other = (estimated(mean_of(each), 40) for each in (ours, theirs))
    gain = estimated(difference(mean_of(ours), mean_of(theirs)), 40)

    assert one.low < other.high
    assert gain.excludes_zero
    assert (gain.mean, gain.low, gain.high) == pytest.approx((0.05, 0.05, 0.05))


def test_draws_that_tell_nothing_are_passed_over() -> None:
    def only_with_the_first(drawn: np.ndarray) -> np.ndarray:
        return np.where((drawn == 0).any(axis=1), 1.0, np.nan)

    assert estimated(only_with_the_first, 5) == Estimate(1, 1, 1)


@given(values)
def test_a_system_does_not_differ_from_itself(measured: list[float]) -> None:
    same = estimated(difference(mean_of(measured), mean_of(measured)), len(measured))

    assert same == Estimate(0, 0, 0)
    assert not same.excludes_zero


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30))
def test_the_other_way_round_is_the_negative(pairs: list[tuple[float, float]]) -> None:
    ours, theirs = (mean_of(each) for each in zip(*pairs, strict=True))

    gain = estimated(difference(ours, theirs), len(pairs))
    loss = estimated(difference(theirs, ours), len(pairs))

    assert (gain.mean, gain.low, gain.high) == pytest.approx((-loss.mean, -loss.high, -loss.low))
    assert gain.excludes_zero == loss.excludes_zero
