"""Profiles read: the windows of their passages, and every word of them once."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from matching.documents import Passage, Profile
from matching.keyword_index import word_terms
from matching.postings import Postings, ids_of
from matching.recipe import window_text, windows
from matching.segment import MOST_ROWS, Rows
from matching.text import TELLS_ITS_LANGUAGE, first, is_content, languages_of, word_texts

Languages = tuple[str, ...]


class Window(NamedTuple):
    """One stretch of one passage, by the numbers of profile and passage."""

    profile: int
    passage: int
    start: int
    end: int
    languages: Languages
    text: str


class Spans(NamedTuple):
    """A profile and the windows of each of its passages."""

    profile: Profile
    of_passage: list[list[tuple[int, int]]]

    @property
    def size(self) -> int:
        return sum(map(len, self.of_passage))


def spans_of(profile: Profile) -> Spans:
    return Spans(profile, [windows(passage) for passage in profile.passages])


def in_portions(profiles: Iterable[Spans]) -> Iterator[list[Spans]]:
    """Profiles by as many as fit into a segment; one that is too large stays alone."""
    portion: list[Spans] = []
    size = 0
    for each in profiles:
        if portion and (size + each.size > MOST_ROWS or len(portion) == MOST_ROWS):
            yield portion
            portion, size = [], 0
        portion.append(each)
        size += each.size
    if portion:
        yield portion


def windows_of(portion: Sequence[Spans]) -> Iterator[Window]:
    for number, (profile, of_passage) in enumerate(portion):
        languages = _languages(profile)
        for place, (passage, spans) in enumerate(zip(profile.passages, of_passage, strict=True)):
            for start, end in spans:
                text = window_text(passage, (start, end))
                yield Window(number, place, start, end, languages[place], text)


def _languages(profile: Profile) -> list[Languages]:
    """Of each passage; one too short to tell is taken for what the whole profile is in."""
    short = [_is_short(passage) for passage in profile.passages]
    whole = languages_of(" ".join(p.text for p in profile.passages)) if any(short) else ()
    return [
        whole if is_short else languages_of(passage.text, passage.lang)
        for passage, is_short in zip(profile.passages, short, strict=True)
    ]


def _is_short(passage: Passage) -> bool:
    return not passage.lang and len(passage.text) < TELLS_ITS_LANGUAGE


class Reader:
    """Turns words into numbers of terms, each word once, however often it occurs."""

    def __init__(self) -> None:
        self._number_by_term: dict[str, int] = {}
        self._terms_by_word: dict[Languages, dict[str, list[int]]] = {}
        self._numbers = array("i")
        self._lengths: list[int] = []

    def read(self, window: Window) -> None:
        known = self._terms_by_word.setdefault(window.languages, {})
        before = len(self._numbers)
        for word in word_texts(window.text):
            terms = known.get(word)
            if terms is None:
                terms = known[word] = self._numbered(word, window.languages)
            self._numbers.extend(terms)
        self._lengths.append(len(self._numbers) - before)

    @property
    def lengths(self) -> Rows:
        """How many terms each window has."""
        return np.array(self._lengths, np.int64)

    @property
    def content_words(self) -> set[tuple[str, str]]:
        """Language and word, of all content words."""
        return {
            (first(languages), word)
            for languages, known in self._terms_by_word.items()
            for word in known
            if is_content(word, first(languages))
        }

    def postings(self, place_of_window: Rows) -> Postings:
        """:param place_of_window: what each window counts as, itself or its profile"""
        terms = ids_of(self._number_by_term)
        numbers = np.frombuffer(self._numbers, np.int32)
        return Postings.of(terms, numbers, np.repeat(place_of_window, self.lengths))

    def _numbered(self, word: str, languages: Languages) -> list[int]:
        return [
            self._number_by_term.setdefault(term, len(self._number_by_term))
            for term in word_terms(word, languages)
        ]
