"""Languages, stems and sentences."""

import re
import unicodedata
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text import (
    content_stems,
    fold,
    folded_words,
    is_name,
    languages_of,
    places_of,
    sentences,
    word_texts,
    words,
)

TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(codec="ascii"), max_size=60),
    st.text(st.sampled_from("aZ9_ -.,’„“–éÖßœ½²\u0301\n"), max_size=60),
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We store solar power overnight for ports.", "en"),
        ("Wir speichern Solarstrom über Nacht für Häfen.", "de"),
        ("Nous stockons l'énergie solaire la nuit pour les ports.", "fr"),
    ],
)
def test_the_language_of_a_sentence_is_found(text: str, language: str) -> None:
    assert languages_of(text) == (language,)


def test_a_declared_language_is_believed() -> None:
    assert languages_of("Wir speichern Solarstrom.", "en-GB") == ("en",)
    assert languages_of("We store power.", "pl") == ()


def test_another_language_is_none_of_ours() -> None:
    assert languages_of("Szukamy baterii, która magazynuje energię słoneczną.") == ()


def test_a_short_label_may_be_in_several() -> None:
    assert len(languages_of("Sensors")) > 1
    assert languages_of("") == ("en", "de", "fr")


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "storing", "stores"),
        ("de", "Speichers", "Speicher"),
        ("fr", "portuaires", "portuaire"),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, one: str, other: str) -> None:
    assert content_stems(one, language) == content_stems(other, language)


def test_accents_do_not_part_words() -> None:
    assert content_stems("Hôpital", "fr") == content_stems("hopital", "fr")


def test_stop_words_say_nothing() -> None:
    assert content_stems("the storage of a port", "en") == content_stems("storage port", "en")
    assert content_stems("l'eau de la ville", "fr") == content_stems("eau ville", "fr")


def test_names_keep_their_form() -> None:
    assert [is_name(word) for word in ("LNG", "5G", "LiDAR", "Hafen", "port")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        (
            "Wir bauen z.B. Speicher. Dr. Meyer hilft.",
            ["Wir bauen z.B. Speicher.", "Dr. Meyer hilft."],
        ),
        ("- first\n- second", ["first", "second"]),
        ("Costs 3.5 million. 20 people.", ["Costs 3.5 million.", "20 people."]),
        ("  \n ", []),
        ("no end", ["no end"]),
    ],
)
def test_sentences_are_pieces_of_the_text(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(TEXTS)
def test_words_are_the_same_with_and_without_their_places(text: str) -> None:
    assert word_texts(text) == [word.text for word in words(text)]


@given(TEXTS, st.data())
def test_words_are_found_again_where_they_stand(text: str, data: st.DataObject) -> None:
    said = words(text)
    chosen = data.draw(st.sets(st.sampled_from(said).map(itemgetter(0)))) if said else set()
    some = [word for word in said if word.text in chosen]
    assert places_of([word.text for word in some], text) == [(w.start, w.end) for w in some]


def test_a_word_that_is_not_there_is_not_found_in_another_one() -> None:
    with pytest.raises(ValueError, match="substring"):
        places_of(["art"], "smart party")


@given(TEXTS)
def test_folding_takes_accents_away_and_leaves_all_else(text: str) -> None:
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    assert fold(text) == bare
    assert folded_words(text) == re.findall(r"[^\W_]+", bare)


@given(TEXTS)
def test_sentences_have_all_words_of_a_text(text: str) -> None:
    found = [text[start:end] for start, end in sentences(text)]
    assert [word for each in found for word in word_texts(each)] == word_texts(text)
