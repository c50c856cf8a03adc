"""All profiles known at one moment. Never changed: a change makes another index."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.background import UNKNOWN, Background
from matching.documents import Passage, Profile
from matching.keyword_index import KeywordIndex, Shelf
from matching.lazy import lazy
from matching.merging import Part, tidied
from matching.postings import Ids
from matching.segment import LANGUAGE_SETS, Flags, Rows, Segment, digest_of, document_of
from matching.text import LANGUAGES
from matching.vector_index import Codes, lengths, similarities, sums

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One window of one passage."""

    passage: Passage
    start: int
    end: int
    languages: tuple[str, ...]


class PassageIndex:
    """Profiles and rows of all parts, numbered one part after the other. Some are gone."""

    def __init__(self, parts: Sequence[Part], background: Background) -> None:
        self.parts = tuple(parts)
        self.background = background
        self._remembered: dict[Hashable, tuple[object, Any]] = {}
        self._first_profile = [0, *accumulate(len(alive) for _, alive in parts)]
        self._first_row = [0, *accumulate(len(segment.vectors) for segment, _ in parts)]

    def changed(self, gone: Collection[str], new: Iterable[Segment]) -> "PassageIndex":
        """Without some keys, and with further segments, whose keys are forgotten before."""
        masks = [alive.copy() for _, alive in self.parts]
        for number in map(self.number_by_key.get, gone):
            if number is not None:
                part = self._part_of(self._first_profile, number)
                masks[part][number - self._first_profile[part]] = False
        old = [(segment, mask) for (segment, _), mask in zip(self.parts, masks, strict=True)]
        fresh = [(segment, np.ones(len(segment.keys), np.bool_)) for segment in new]
        return PassageIndex(tidied([*old, *fresh]), self.background)

    def remembered(self, key: Hashable, compute: Callable[[], T], *, told: object = None) -> T:
        """What follows from these alone, computed once for a key as long as the same is told."""
        known = self._remembered.get(key)
        if known is None or known[0] is not told:
            known = self._remembered[key] = told, compute()
        found: T = known[1]
        return found

    @property
    def segments(self) -> list[Segment]:
        return [segment for segment, _ in self.parts]

    @lazy
    def number_by_key(self) -> dict[str, int]:
        return {
            segment.keys[number]: int(first + number)
            for (segment, alive), first in zip(self.parts, self._first_profile, strict=False)
            for number in map(int, np.flatnonzero(alive))
        }

    @lazy
    def alive(self) -> Flags:
        """Which profile numbers are in use."""
        return _joined([alive for _, alive in self.parts], np.bool_)

    def among(self, keys: Collection[str] | None) -> Flags:
        """Which profile numbers have one of the keys; all that are in use if None."""
        if keys is None:
            return self.alive.copy()
        found = np.zeros(len(self.alive), np.bool_)
        numbers = map(self.number_by_key.get, keys)
        found[[number for number in numbers if number is not None]] = True
        return found

    @property
    def row_count(self) -> int:
        """Of rows that are in use."""
        return self.count_rows(self.alive)

    def count_rows(self, profiles: Flags) -> int:
        """Of some profiles."""
        return int(np.diff(self._edges).sum(where=profiles))

    def key(self, number: int) -> str:
        segment, own = self._profile_at(number)
        return segment.keys[own]

    def profile(self, number: int) -> Profile:
        segment, own = self._profile_at(number)
        return segment.profile(own)

    def holds(self, profile: Profile) -> bool:
        """Whether exactly this is known of it."""
        number = self.number_by_key.get(profile.key)
        if number is None:
            return False
        segment, own = self._profile_at(number)
        digest = digest_of(document_of(profile).encode(errors="surrogatepass"))
        return bool(segment.digests[own].tobytes() == digest)

    def row(self, profile: Profile, number: int) -> Row:
        """:param profile: the one that has the row"""
        part = self._part_of(self._first_row, number)
        rows = self.parts[part][0].rows
        own = number - self._first_row[part]
        return Row(
            profile.passages[rows.passage[own]],
            int(rows.start[own]),
            int(rows.end[own]),
            LANGUAGE_SETS[rows.languages[own]],
        )

    @lazy
    def profile_of_row(self) -> Rows:
        """Ascending."""
        pairs = zip(self.segments, self._first_profile, strict=False)
        return _joined([segment.rows.profile + first for segment, first in pairs], np.int64)

    def rows_of(self, profiles: Rows) -> tuple[Rows, Rows]:
        """The rows of some profiles, and for each of them which one it belongs to.

        :param profiles: ascending
        """
        first, behind = self._edges[profiles], self._edges[profiles + 1]
        counts = behind - first
        owners = np.repeat(np.arange(len(profiles)), counts)
        within = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
        return first[owners] + within, owners

    @lazy
    def _edges(self) -> Rows:
        """Where the rows of each profile begin, and where the last one's end."""
        return np.searchsorted(self.profile_of_row, np.arange(len(self.alive) + 1))

    @lazy
    def edges_of_parts(self) -> list[Rows]:
        """The same within each part."""
        return [
            self._edges[profiles.start : profiles.stop + 1] - rows.start
            for profiles, rows in self.stretches
        ]

    @lazy
    def passage_of_row(self) -> Rows:
        """The number of each row's passage within its profile."""
        return _joined([segment.rows.passage for segment in self.segments], np.int64)

    @lazy
    def language_of_row(self) -> Rows:
        return _joined([segment.language_of_row for segment in self.segments], np.int64)

    @lazy
    def spoken_of_row(self) -> NDArray[np.uint8]:
        """The same in a byte each, for loops over all rows."""
        return self.language_of_row.astype(np.uint8)

    @lazy
    def language_of_profile(self) -> Rows:
        return _joined([segment.language_of_profile for segment in self.segments], np.int64)

    @lazy
    def has_no_text(self) -> Flags:
        """Rows that are a title alone, from which nothing can be quoted."""
        return _joined([s.rows.start == s.rows.end for s in self.segments], np.bool_)

    @lazy
    def is_list(self) -> Flags:
        """Rows that list words without joining them to sentences."""
        return _joined([segment.rows.is_list for segment in self.segments], np.bool_)

    @lazy
    def is_of_items(self) -> Flags:
        """Rows of passages that list words without making sentences of them."""
        return _joined([segment.rows.is_of_items for segment in self.segments], np.bool_)

    @lazy
    def terms_of_row(self) -> NDArray[np.int32]:
        """How many terms each row is found by."""
        return _joined([segment.rows.terms for segment in self.segments], np.int32)

    def speaks(self, languages: Sequence[str]) -> Flags:
        """Which profiles have a passage that may be in one of the languages."""
        asked = tuple(map(LANGUAGES.index, languages))
        key = "speaks", asked
        return self.remembered(key, lambda: np.asarray(self._speaks[:, asked].any(axis=1)))

    @lazy
    def _speaks(self) -> Flags:
        found = [segment.speaks for segment in self.segments]
        return np.concatenate([np.zeros((0, len(LANGUAGES)), np.bool_), *found])

    def similarities(self, needs: NDArray[np.float32], rows: Rows) -> NDArray[np.float64]:
        """Of centred needs with some rows, exactly.

        :param rows: ascending
        """
        found = [similarities(needs, segment.vectors, own) for segment, own in self.apart(rows)]
        return np.hstack([np.zeros((len(needs), 0)), *found])

    def lengths(self, rows: Rows) -> NDArray[np.float64]:
        """Of the first block of some rows.

        :param rows: ascending
        """
        first = self.background.blocks[0]
        found = [lengths(segment.vectors, own, first) for segment, own in self.apart(rows)]
        return np.concatenate([np.zeros(0), *found])

    @lazy
    def usual_passages(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The mean of the first block by language number, and how many rows it is the mean of."""
        first, alive = self.background.blocks[0], self.alive[self.profile_of_row]
        counts = np.bincount(self.language_of_row[alive], minlength=UNKNOWN + 1).astype(float)
        total = np.zeros((UNKNOWN + 1, first.end - first.start))
        for language in np.flatnonzero(counts):
            rows = np.flatnonzero(alive & (self.language_of_row == language))
            for segment, own in self.apart(rows):
                total[language] += sums(segment.vectors, own, first)
        return total / np.maximum(counts, 1)[:, None], counts

    def apart(self, rows: Rows) -> Iterator[tuple[Segment, Rows]]:
        """Each segment with those of some rows, ascending, that are its own, by their numbers."""
        edges = np.searchsorted(rows, self._first_row)
        for number, segment in enumerate(self.segments):
            yield segment, rows[edges[number] : edges[number + 1]] - self._first_row[number]

    @property
    def stretches(self) -> list[tuple[slice, slice]]:
        """The profile numbers and the row numbers of each part."""
        edges = zip(pairwise(self._first_profile), pairwise(self._first_row), strict=True)
        return [(slice(*profiles), slice(*rows)) for profiles, rows in edges]

    def signs(self, rows: Rows) -> Codes:
        """:param rows: ascending"""
        apart = self.apart(rows)
        return np.hstack([np.take(segment.signs, own, axis=1) for segment, own in apart])

    @lazy
    def words(self) -> KeywordIndex:
        """One document a profile, with all its words."""
        return KeywordIndex([Shelf.of(s.by_profile, s.lengths, alive) for s, alive in self.parts])

    def shared(self, terms: Sequence[Ids]) -> NDArray[np.uint8]:
        """How many of the terms of each part stand in each row: (parts, rows).

        :param terms: in parts, distinct within each
        """
        from matching.word_loops import count_places

        counts = np.zeros((len(terms), len(self.profile_of_row)), np.uint8)
        part_of = np.repeat(np.arange(len(terms)), [len(part) for part in terms])
        together = np.concatenate([np.zeros(0, np.uint64), *terms])
        for segment, (_, rows) in zip(self.segments, self.stretches, strict=True):
            numbers, starts, ends = segment.by_row.stretches(together)
            where = part_of[numbers], starts, ends
            count_places(segment.by_row.places, where, counts[:, rows])
        return counts

    @lazy
    def lot(self) -> Ids:
        """A number of chance for each profile, which depends on its document alone."""
        drawn = [s.digests[:, :8].copy().view(np.uint64)[:, 0] for s in self.segments]
        return _joined(drawn, np.uint64)

    @lazy
    def checksum(self) -> str:
        """Changes with every document, with nothing else."""
        digests = [segment.digests[alive] for segment, alive in self.parts]
        return sha256(
            b"".join(sorted(row.tobytes() for part in digests for row in part))
        ).hexdigest()

    def _profile_at(self, number: int) -> tuple[Segment, int]:
        part = self._part_of(self._first_profile, number)
        return self.parts[part][0], int(number - self._first_profile[part])

    @staticmethod
    def _part_of(firsts: Sequence[int], number: int) -> int:
        return bisect_right(firsts, number) - 1


def _joined(arrays: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, kind), *arrays]).astype(kind, copy=False)
