"""In a mixed collection no language is favoured; in a collection of one nothing changes."""

import numpy as np
import pytest

from matching.background import UNKNOWN
from matching.mixed_languages import evened, offsets, prevalence

VALUES = np.random.default_rng(1).normal(size=60)
LANGUAGES = np.repeat([0, 1, 2], 20)


def made_fair(values: np.ndarray, languages: np.ndarray) -> np.ndarray:
    return evened(values, languages, offsets(values, languages))


def test_what_lifts_a_whole_language_is_taken_away_again() -> None:
    lifted = VALUES + np.where(LANGUAGES == 1, 2.0, 0.0)

    fair = made_fair(lifted, LANGUAGES)

    def gap(values: np.ndarray) -> float:
        return float(np.median(values[LANGUAGES == 1]) - np.median(values[LANGUAGES != 1]))

    assert gap(lifted) > 1.5
    assert abs(gap(fair)) < 0.7


def test_the_order_within_a_language_stays() -> None:
    fair = made_fair(VALUES, LANGUAGES)

    for language in range(3):
        own = language == LANGUAGES
        assert np.array_equal(np.argsort(fair[own]), np.argsort(VALUES[own]))


def test_one_language_is_left_as_it_is() -> None:
    assert made_fair(VALUES, np.zeros(60, np.int64)) == pytest.approx(VALUES)


def test_a_single_profile_keeps_most_of_its_lead() -> None:
    languages = np.array([0] * 59 + [UNKNOWN])
    values = np.append(np.zeros(59), 3.0)

    assert made_fair(values, languages)[-1] == pytest.approx(2.5)


def test_profiles_without_rows_stay_out_of_it() -> None:
    silent = np.where(np.arange(60) % 2 == 0, -np.inf, VALUES)

    fair = made_fair(silent, LANGUAGES)

    assert np.array_equal(np.isneginf(fair), np.isneginf(silent))
    assert fair[1::2] == pytest.approx(made_fair(VALUES[1::2], LANGUAGES[1::2]))
    assert np.isneginf(made_fair(np.full(3, -np.inf), np.zeros(3, np.int64))).all()


@pytest.mark.parametrize(("speaking", "worth"), [(10, 1.0), (9, 0.8), (5, 0.0), (2, 0.0), (0, 0.0)])
def test_words_are_worth_something_where_a_language_prevails(speaking: int, worth: float) -> None:
    assert prevalence(np.arange(10) < speaking) == pytest.approx(worth)


def test_words_are_worth_nothing_in_an_empty_collection() -> None:
    assert prevalence(np.zeros(0, np.bool_)) == 0
