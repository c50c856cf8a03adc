"""What follows from a word is the same by its number as by itself."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.encoder import HashingEncoder
from matching.postings import id_of
from matching.text import content_texts, stems
from matching.vocabulary import Vocabulary, word_id
from matching.word_meaning import WordMeaning

TEXT = "The batteries of the port store what a battery stores; Größe, Hôpital."


@pytest.mark.parametrize("language", ["en", "de", "fr", ""])
def test_numbers_stand_for_the_content_words_in_their_order(language: str) -> None:
    known = Vocabulary()

    numbers = known.numbers(TEXT, language)

    expected = [(language, word) for word in content_texts(TEXT, language)]
    assert [*map(known.word, numbers)] == expected
    assert known.numbers(TEXT, language) == numbers


def test_a_word_of_two_languages_is_two_words() -> None:
    known = Vocabulary()

    assert known.numbers("port", "en") != known.numbers("port", "fr")


def test_words_that_say_nothing_have_no_number() -> None:
    known = Vocabulary()

    assert known.numbers("The of and a", "en") == []
    assert known.numbers("!?", "en") == known.numbers("", "en") == []


@given(st.lists(st.tuples(st.sampled_from(["en", "de", "fr", ""]), st.text(max_size=40))))
def test_ids_and_stems_are_those_of_the_words_whenever_they_came(
    texts: list[tuple[str, str]],
) -> None:
    known = Vocabulary()
    for language, text in texts:  # asked in between, too, when fewer words are known
        numbers = np.array(known.numbers(text, language), np.int64)
        words = [*map(known.word, numbers.tolist())]

        assert known.ids(numbers).tolist() == [*map(word_id, words)]
        for stemmed_in in ("en", ""):
            expected = map(id_of, stems((word for _, word in words), stemmed_in))
            assert known.stems(numbers, stemmed_in).tolist() == [*expected]


def test_forms_of_a_word_have_one_stem_in_its_language_alone() -> None:
    known = Vocabulary()
    numbers = np.array(known.numbers("battery batteries", "en"), np.int64)

    assert len(set(known.stems(numbers, "en").tolist())) == 1
    assert len(set(known.stems(numbers, "").tolist())) == 2


def test_threads_that_meet_new_words_at_once_read_them_right() -> None:
    known = Vocabulary()
    texts = [" ".join(f"word{n}" for n in range(start, start + 400)) for start in range(0, 800, 50)]

    def read(text: str) -> list[int]:
        numbers = np.array(known.numbers(text, "en"), np.int64)
        assert [known.word(number)[1] for number in numbers.tolist()] == text.split()
        return [int(number) for number in known.ids(numbers)]

    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(read, texts)]

    assert found == [[word_id(("en", word)) for word in text.split()] for text in texts]


def test_words_are_forgotten_once_there_are_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.word_meaning.REMEMBERED", 3)
    meaning = WordMeaning(HashingEncoder())
    known = meaning.vocabulary
    known.numbers("battery port", "en")
    assert meaning.vocabulary is known

    numbers = known.numbers("solar ferry", "en")

    assert meaning.vocabulary is not known
    assert [known.word(number)[1] for number in numbers] == ["solar", "ferry"]
