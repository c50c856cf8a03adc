"""What shared words are worth beside the length of a need."""

from collections.abc import Sequence

import numpy as np
import pytest

from matching import HashingEncoder, MatchingEngine, Need, Passage, PassageKind, Profile
from matching.keyword_index import KeywordIndex

TEXTS = ["The crane lifts steel.", "The oven bakes bread.", "The pump moves water."]


@pytest.fixture(scope="module")
def words() -> KeywordIndex:
    profiles = [
        Profile(str(n), (Passage("p", PassageKind.OFFER, text, "en"),))
        for n, text in enumerate(TEXTS)
    ]
    return MatchingEngine(HashingEncoder()).fit(profiles).index_.words


def shares(words: KeywordIndex, terms: Sequence[str], count: int) -> list[float]:
    return list(map(float, words.shares(words.sought(terms, words=count))))


def test_a_share_is_measured_alike_of_known_and_of_new_documents(words: KeywordIndex) -> None:
    terms = ("en:crane", "en:crane", "en:steel", "en:unheard")
    [known, *_] = shares(words, terms, 4)

    new = words.shares_of(
        words.sought(terms, words=4), np.array([[1, 1, 0], [0, 0, 0]]), np.array([6, 0])
    )

    assert new == pytest.approx([known, 0])


def test_repeating_itself_wins_a_need_no_higher_share(words: KeywordIndex) -> None:
    once, thrice = ("en:crane", "en:steel"), ("en:crane", "en:steel") * 3

    assert shares(words, thrice, 6)[0] <= shares(words, once, 2)[0]


def test_a_need_twice_as_long_shares_less_of_itself(words: KeywordIndex) -> None:
    short = shares(words, ("en:crane",), 20)
    long = shares(words, ("en:crane",), 40)

    assert 0 < long[0] < short[0]
    assert shares(words, (), 0) == [0, 0, 0]


def test_an_index_of_one_language_takes_no_usual_words_away() -> None:
    """Else what all share with a need would count for none of them."""
    same = [
        Profile(key, (Passage("p", PassageKind.OFFER, "Cranes lift steel beams.", "en"),))
        for key in "ab"
    ]
    engine = MatchingEngine(HashingEncoder()).fit(same)

    [first, second] = engine.rank(Need("n", "Cranes that lift steel beams", "", "en"))

    assert first.parts["words"] == second.parts["words"] > 0
