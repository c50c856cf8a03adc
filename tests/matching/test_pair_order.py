"""Pairs of rated things: loss, easy and hard, computed by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.evaluation.pair_order import pair_counts, pair_order_statistics

RATINGS = {"best": 5.0, "good": 4.0, "fair": 3.0, "poor": 1.0}
EVERYONE = np.arange(2)[np.newaxis]

ratings = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0]))


def test_every_pair_weighs_the_gap_of_its_ratings() -> None:
    """Gaps are 1, 2, 4 (best), 1, 3 (good), 2 (fair): 13 in all."""
    scores = {"best": 0.8, "good": 0.9, "fair": 0.1, "poor": 0.5}

    loss, easy, hard = pair_counts(RATINGS, scores).tolist()

    assert loss == [1 + 2, 13]
    assert easy == [2, 2]
    assert hard == [0, 1]


def test_equal_scores_are_half_wrong_and_never_right() -> None:
    counts = pair_counts(RATINGS, dict.fromkeys(RATINGS, 0.0))

    assert counts.tolist() == [[6.5, 13], [0, 2], [0, 1]]


def test_equal_ratings_are_no_pair() -> None:
    assert not pair_counts({"a": 5.0, "b": 5.0}, {"a": 1.0, "b": 2.0}).any()


def test_what_is_rated_must_be_scored() -> None:
    with pytest.raises(KeyError, match="poor"):
        pair_counts(RATINGS, {"best": 1.0, "good": 1.0, "fair": 1.0})


@given(ratings, st.data())
def test_scores_turned_round_lose_what_they_won(
    rated: dict[str, float], data: st.DataObject
) -> None:
    scores = {key: data.draw(st.floats(0, 1)) for key in rated}

    loss, whole = pair_counts(rated, scores)[0]
    turned, _ = pair_counts(rated, {key: -score for key, score in scores.items()})[0]

    assert loss + turned == pytest.approx(whole)
    assert pair_counts(rated, rated)[0, 0] == 0


def test_figures_are_sums_over_experts_and_means_over_samplings() -> None:
    """First sampling: 1 + 3 of 4 + 6 wrong; second: none of 10."""
    first = [_counts(loss=(1, 4)), _counts(loss=(3, 6))]
    second = [_counts(loss=(0, 4)), _counts(loss=(0, 6))]

    figures = pair_order_statistics([first, second])

    assert list(figures) == ["loss"]
    assert figures["loss"](EVERYONE) == pytest.approx([(0.4 + 0) / 2])
    assert figures["loss"](np.array([[1, 1]])) == pytest.approx([(6 / 12 + 0) / 2])


def test_experts_drawn_without_such_a_pair_tell_nothing() -> None:
    counts = [[_counts(loss=(1, 2), easy=(1, 1)), _counts(loss=(1, 2))]]

    easy = pair_order_statistics(counts)["easy"](np.array([[0, 1], [1, 1]]))

    assert easy[0] == 1
    assert np.isnan(easy[1])


def _counts(
    *, loss: tuple[float, float], easy: tuple[float, float] = (0, 0)
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([loss, easy, (0, 0)], np.float64)
