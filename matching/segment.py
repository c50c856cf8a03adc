"""A few thousand profiles as arrays, written once: windows, vectors, words, documents."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from inspect import signature
from itertools import chain, permutations
from operator import attrgetter
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from matching.background import UNKNOWN, language_number
from matching.documents import Passage, PassageKind, Profile
from matching.packed_strings import PackedStrings
from matching.postings import Ids, Postings
from matching.text import LANGUAGES
from matching.vector_index import Codes, Packed

Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]

MOST_ROWS = 1 << 16
"""Windows a segment may have, which bounds what merging costs and lets places take two bytes."""

LANGUAGE_SETS = tuple(
    chain.from_iterable(permutations(LANGUAGES, size) for size in range(len(LANGUAGES) + 1))
)
"""The languages a text may be in, likeliest first; a row holds the number of its set."""

NUMBER_OF_SET = np.array([language_number(languages) for languages in LANGUAGE_SETS])
SPEAKS = np.array([[code in languages for code in LANGUAGES] for languages in LANGUAGE_SETS])


class RowTable(NamedTuple):
    """One entry a window: whose it is, where it stands, in which set of languages.

    ``profile`` is ascending; ``text`` is the id of what was encoded; ``terms`` counts those it is
    found by; ``is_list`` says that it lists words without joining them to sentences,
    ``is_of_items`` that its whole passage is items one after the other, which may have joining
    words within.
    """

    profile: NDArray[np.int32]
    passage: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    languages: NDArray[np.uint8]
    text: Ids
    terms: NDArray[np.int32]
    is_list: Flags
    is_of_items: Flags


class WordTable(NamedTuple):
    """Vectors of words, by the id of language and word, ascending."""

    ids: Ids
    vectors: NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Profiles that were learned together. ``words`` are those no older segment had."""

    keys: PackedStrings
    documents: PackedStrings
    digests: Codes
    rows: RowTable
    vectors: Packed
    signs: Codes
    by_profile: Postings
    by_row: Postings
    words: WordTable

    @property
    def name(self) -> str:
        """The same for the same profiles and words, in the same order."""
        digest = sha256(self.digests.tobytes() + self.words.ids.tobytes())
        return f"segment-{digest.hexdigest()[:16]}"

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything it is made of by name; ``from_arrays`` makes the segment of it again."""
        return {
            name: attrgetter(name)(self) for field in fields(self) for name in _names(field.name)
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """:raises KeyError: if one is missing"""
        found: dict[str, Any] = {}
        for name in (field.name for field in fields(cls)):
            columns = [arrays[each] for each in _names(name)]
            found[name] = _GROUPS[name](*columns) if name in _GROUPS else columns[0]
        return cls(**found)

    @property
    def lengths(self) -> NDArray[np.int32]:
        """How many terms each profile has."""
        counts = np.bincount(self.rows.profile, self.rows.terms, minlength=len(self.keys))
        return counts.astype(np.int32)

    @property
    def language_of_row(self) -> Rows:
        return np.asarray(NUMBER_OF_SET[self.rows.languages])

    @property
    def language_of_profile(self) -> Rows:
        """The language number that most rows of a profile have; the unknown one without rows."""
        counts = np.zeros((len(self.keys), UNKNOWN + 1), np.int64)
        np.add.at(counts, (self.rows.profile, self.language_of_row), 1)
        return np.where(counts.any(axis=1), counts.argmax(axis=1), UNKNOWN)

    @property
    def speaks(self) -> Flags:
        """Whether a profile has a row that may be in a language: (profiles, languages)."""
        found = np.zeros((len(self.keys), len(LANGUAGES)), np.bool_)
        for number, spoken in enumerate(SPEAKS):
            found[self.rows.profile[self.rows.languages == number]] |= spoken
        return found

    def profile(self, number: int) -> Profile:
        key, name, passages = json.loads(self.documents[number])
        return Profile(key, tuple(_passage(*fields) for fields in passages), name)


_GROUPS: Mapping[str, Callable[..., Any]] = {
    "keys": PackedStrings,
    "documents": PackedStrings,
    "rows": RowTable,
    "by_profile": Postings,
    "by_row": Postings,
    "words": WordTable,
}


def _names(field: str) -> list[str]:
    """Of the arrays in a field."""
    if field not in _GROUPS:
        return [field]
    return [f"{field}.{parameter}" for parameter in signature(_GROUPS[field]).parameters]


def document_of(profile: Profile) -> str:
    """A profile as one line of JSON, which ``Segment.profile`` reads."""
    passages = [(p.key, p.kind, p.text, p.lang, p.source, p.title) for p in profile.passages]
    return json.dumps((profile.key, profile.name, passages), ensure_ascii=False)


def digest_of(document: bytes) -> bytes:
    return sha256(document).digest()


def _passage(key: str, kind: str, text: str, lang: str, source: str, title: str) -> Passage:
    return Passage(key, PassageKind(kind), text, lang, source, title)
