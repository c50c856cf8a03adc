"""Profiles made ready to be searched: windows, vectors, words. Never changed once built."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from matching.background import UNKNOWN, Background, language_number
from matching.documents import Passage, Profile
from matching.encoder import Encoder, Vectors, encode_in_batches
from matching.keyword_index import CoverageIndex, KeywordIndex, passage_terms
from matching.recipe import window_text, windows
from matching.text import languages_of
from matching.vector_index import Rows, VectorIndex

Flags = NDArray[np.bool_]
_TELLS_ITS_LANGUAGE = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One window of one passage."""

    profile: int
    passage: Passage
    start: int
    end: int
    text: str
    languages: tuple[str, ...]


class PassageIndex:
    """Everything known of a set of profiles, sorted by key.

    :param profiles: with unique keys
    :param known: vectors by window text; must hold every window of the profiles
    """

    def __init__(
        self, profiles: Iterable[Profile], known: Mapping[str, Vectors], background: Background
    ) -> None:
        self.profiles = tuple(sorted(profiles, key=lambda profile: profile.key))
        self.background = background
        self.rows = rows_of(self.profiles)
        self.texts = sorted({row.text for row in self.rows})
        width = background.needs.shape[1]
        stacked = [known[text] for text in self.texts]
        self.vectors = np.array(stacked, np.float32).reshape(len(stacked), width)

    @cached_property
    def number_by_key(self) -> dict[str, int]:
        return {profile.key: number for number, profile in enumerate(self.profiles)}

    def speaks(self, languages: Sequence[str]) -> Flags:
        """Which profiles have a passage that may be in one of the languages."""
        found = np.zeros(len(self.profiles), np.bool_)
        for language in languages:
            found[self._profiles_by_language.get(language, [])] = True
        return found

    @cached_property
    def _profiles_by_language(self) -> dict[str, list[int]]:
        found: dict[str, set[int]] = {}
        for row in self.rows:
            for language in row.languages:
                found.setdefault(language, set()).add(row.profile)
        return {language: sorted(profiles) for language, profiles in found.items()}

    def rows_of_profile(self, number: int) -> range:
        """Row numbers of one profile; rows follow the order of the profiles."""
        start, end = np.searchsorted(self.profile_of_row, [number, number + 1])
        return range(start, end)

    @cached_property
    def meanings(self) -> VectorIndex:
        """Centred vectors. A text that stands in several rows of a language is there once."""
        numbers, languages = np.array(list(self._meanings), np.int64).reshape(-1, 2).T
        vectors = self.vectors[numbers]
        return VectorIndex(self.background.centred_passages(vectors, languages))

    @cached_property
    def meaning_of_row(self) -> Rows:
        pairs = zip(self._text_of_row, self.language_of_row, strict=True)
        return np.array([self._meanings[int(t), int(n)] for t, n in pairs], np.int64)

    @cached_property
    def _meanings(self) -> dict[tuple[int, int], int]:
        pairs = zip(self._text_of_row, self.language_of_row, strict=True)
        distinct = sorted({(int(text), int(language)) for text, language in pairs})
        return {pair: number for number, pair in enumerate(distinct)}

    @cached_property
    def _text_of_row(self) -> list[int]:
        number_by_text = {text: number for number, text in enumerate(self.texts)}
        return [number_by_text[row.text] for row in self.rows]

    @cached_property
    def profile_of_row(self) -> Rows:
        return np.array([row.profile for row in self.rows], np.int64)

    @cached_property
    def language_of_row(self) -> Rows:
        return np.array([language_number(row.languages) for row in self.rows], np.int64)

    @cached_property
    def language_of_profile(self) -> Rows:
        """The language number that most rows of a profile have; the unknown one without rows."""
        counts = np.zeros((len(self.profiles), UNKNOWN + 1), np.int64)
        np.add.at(counts, (self.profile_of_row, self.language_of_row), 1)
        return np.where(counts.any(axis=1), counts.argmax(axis=1), UNKNOWN)

    @cached_property
    def has_no_text(self) -> Flags:
        """Rows that are a title alone, from which nothing can be quoted."""
        return np.array([row.start == row.end for row in self.rows], np.bool_)

    @cached_property
    def words(self) -> KeywordIndex:
        """One document a profile, with all its words."""
        documents: list[list[str]] = [[] for _ in self.profiles]
        for row, terms in zip(self.rows, self.terms, strict=True):
            documents[row.profile] += terms
        return KeywordIndex(documents)

    @cached_property
    def coverage(self) -> CoverageIndex:
        """One document a row."""
        return CoverageIndex(self.terms)

    @cached_property
    def terms(self) -> list[list[str]]:
        return [passage_terms(row.text, row.languages) for row in self.rows]

    @cached_property
    def checksum(self) -> str:
        """Changes with every document, with nothing else."""
        return sha256("\n".join(map(repr, self.profiles)).encode()).hexdigest()

    def vector_by_text(self) -> dict[str, Vectors]:
        return dict(zip(self.texts, self.vectors, strict=True))


def encoded(
    profiles: Sequence[Profile],
    encoder: Encoder,
    *,
    known: Mapping[str, Vectors],
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Vectors]:
    """Vectors by window text for all windows of the profiles; only unknown ones are encoded."""
    texts = sorted({row.text for row in rows_of(profiles)} - known.keys())
    fresh = encode_in_batches(
        encoder.encode_passages, texts, dimension=encoder.dimension, progress=progress
    )
    return {**known, **dict(zip(texts, fresh, strict=True))}


def rows_of(profiles: Sequence[Profile]) -> list[Row]:
    return list(
        chain.from_iterable(
            _rows_of_one(number, profile) for number, profile in enumerate(profiles)
        )
    )


def _rows_of_one(number: int, profile: Profile) -> list[Row]:
    whole: tuple[str, ...] | None = None
    rows = []
    for passage in profile.passages:
        languages = languages_of(passage.text, passage.lang)
        if not passage.lang and len(passage.text) < _TELLS_ITS_LANGUAGE:
            whole = whole or languages_of(" ".join(p.text for p in profile.passages))
            languages = whole
        rows += [
            Row(number, passage, start, end, window_text(passage, (start, end)), languages)
            for start, end in windows(passage)
        ]
    return rows
