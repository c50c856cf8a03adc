"""A translation of the need is found again; a near answer in another language is left alone."""

from collections.abc import Sequence

import numpy as np
import pytest
from typing_extensions import override

from matching import HashingEncoder, Match, MatchingEngine, Need
from matching.background import Background, Numbers
from matching.encoder import Vectors
from matching.question import Question
from matching.text import fold, words
from matching.translated_copies import Translations
from tests.matching.profiles import EVERYONE, make_need, make_profile

ENGLISH = {
    "hafen": "port",
    "solarstrom": "solar",
    "nacht": "night",
    "kräne": "cranes",
    "dächer": "roofs",
    "lagern": "store",
    "abends": "evening",
    "leise": "quiet",
    "anwohner": "residents",
    "batterien": "batteries",
    "lärm": "noise",
    "versuch": "trial",
    "scheiterte": "failed",
    "braucht": "needs",
    "sucht": "seeks",
    "arbeiten": "work",
    "länger": "longer",
    "jedes": "every",
    "jahr": "year",
}


class Bilingual(HashingEncoder):
    """Knows a few German words by their English ones."""

    @override
    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return super().encode_passages([_in_english(text) for text in texts])


def _in_english(text: str) -> str:
    return " ".join(ENGLISH.get(word.text.casefold(), fold(word.text)) for word in words(text))


NEED = make_need(
    "The port seeks quiet batteries for its cranes at night",
    "The port needs solar from roofs for cranes. Every year cranes work longer, evening and night. "
    "Residents hear noise. The trial with diesel failed.",
    must=("store solar for the night",),
)
TITLE = "Der Hafen sucht leise Batterien für Kräne, Nacht"
TEXT = (
    "Der Hafen braucht Solarstrom, Dächer, Kräne. Jedes Jahr arbeiten Kräne länger, abends, Nacht.",
    "Anwohner Lärm. Versuch Diesel scheiterte.",
)
ANSWER = "Wir lagern Solarstrom in Containern, damit Werkstätten auch ohne Sonne leise bleiben."


def matched(*texts: str) -> Match:
    profile = make_profile("german", "Wir fotografieren Hochzeiten.", *texts, lang="de")
    engine = MatchingEngine(Bilingual()).fit([*EVERYONE, profile])
    return engine.explain(NEED, "german")


def flags(*texts: str) -> tuple[str, ...]:
    return matched(*texts).flags


def score(*texts: str) -> float:
    return matched(*texts).score


@pytest.mark.parametrize("texts", [(TITLE,), TEXT], ids=["title", "text"])
def test_a_translation_is_flagged(texts: tuple[str, ...]) -> None:
    assert flags(*texts) == ("copied",)


def test_an_answer_in_another_language_is_not() -> None:
    assert flags(ANSWER) == ()


def test_short_lists_beside_a_translation_bring_no_points() -> None:
    lists = "Solarstrom, Kräne", "Batterien"

    beside, alone = (score(TITLE, *texts) for texts in (lists, ()))

    assert beside == pytest.approx(alone, abs=1)
    assert score(*lists) > beside + 5


@pytest.fixture(scope="module")
def translations() -> Translations:
    """Of a title, a sentence and a requirement, of all requirements and of the whole."""
    return translations_of(
        make_need(
            "Five words make a title",
            "This sentence stands in the text.",
            must=("a requirement of five words",),
        )
    )


def translations_of(need: Need) -> Translations:
    encoder = HashingEncoder()
    return Translations(Question.of(need, encoder), Background.of(encoder))


def near(translations: Translations, line: int, *nearness: float) -> Numbers:
    """One window a number, so near to one line; to all others it is a stranger."""
    found = np.full((len(translations.lines), len(nearness)), 0.1)
    found[line] = nearness
    return found


TITLE_AS_QUESTION, SENTENCE, ASKED, WHOLE = 0, 2, 3, 5


@pytest.mark.parametrize(
    ("line", "nearness", "found"),
    [
        (TITLE_AS_QUESTION, (0.48, 0.47), [True, False]),
        (SENTENCE, (0.63, 0.62), [True, False]),
        (ASKED, (0.62, 0.63), [False, True]),
        (WHOLE, (0.63, 0.63), [True, True]),
        (WHOLE, (0.62, 0.62), [False, False]),
    ],
)
def test_how_near_is_too_near(
    translations: Translations, line: int, nearness: tuple[float, ...], found: list[bool]
) -> None:
    near_it, none = near(translations, line, *nearness), np.zeros(len(nearness), np.bool_)

    assert list(translations.found_in(near_it, none)) == found


def test_of_lists_less_is_too_near(translations: Translations) -> None:
    lists = np.array([True, True, False])

    found = translations.found_in(near(translations, ASKED, 0.42, 0.41, 0.42), lists)

    assert list(found) == [True, False, False]


def test_the_rest_of_a_translation_is_what_is_near_and_all_lists(
    translations: Translations,
) -> None:
    nearness = near(translations, ASKED, 0.35, 0.34, 0.34)

    assert list(translations.rest(nearness, np.array([False, False, True]))) == [True, False, True]


def test_few_words_tell_nothing() -> None:
    short = translations_of(make_need("Solar power", "One. Two.", must=("LiDAR-4",)))
    title, *statements, _whole = short.lines

    assert not np.any([title, *statements])


def test_a_need_without_a_sentence_has_no_translation() -> None:
    empty = translations_of(make_need())

    assert not empty.lines.any()
    assert not empty.found_in(near(empty, 0, 0.1), np.ones(1, np.bool_)).any()
