"""Which terms stand where: arrays that are written once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint64]
Places = NDArray[Any]

Stretches = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Of terms sought that are there: the number of each, where its places begin, and where they end.
"""

_MOST_COUNTED = 255
_REMEMBERED = 1 << 15
"""Texts of which is remembered what stands for them; few words make up most of all texts."""


@lru_cache(_REMEMBERED)
def id_of(text: str) -> int:
    """64 bits that stand for a text. Two texts out of a million share them once in 30 million."""
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest())


def ids_of(texts: Iterable[str]) -> Ids:
    return np.fromiter(map(id_of, texts), np.uint64)


def found_at(ids: Ids, sought: Ids) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which of the ids sought are there, and where (anywhere for the others).

    :param ids: ascending
    """
    if not len(ids):
        return np.zeros(len(sought), np.bool_), np.zeros(len(sought), np.int64)
    places = np.minimum(np.searchsorted(ids, sought), len(ids) - 1)
    return ids[places] == sought, places


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """For each term the places it stands at, ascending, and how often it does (at most 255).

    The places of term ``n`` are ``places[ends[n]:ends[n + 1]]``.
    """

    terms: Ids
    ends: NDArray[np.int64]
    places: Places
    counts: NDArray[np.uint8]

    @classmethod
    def of(cls, terms: Ids, numbers: Places, places: Places, counts: Places | None = None) -> Self:
        """From single findings in any order; those of the same term and place are added up.

        :param terms: distinct, in any order
        :param numbers: of the term in ``terms``, one a finding
        :param counts: one a finding; 1 each if None
        """
        order = np.argsort(terms)
        width = int(places.max(initial=0)) + 1
        pairs = np.argsort(order)[numbers] * width + places
        pairs, counted = _added_up(pairs, counts)
        number, place = np.divmod(pairs, width)
        ends = np.searchsorted(number, np.arange(len(terms) + 1))
        kind = np.min_scalar_type(width - 1)
        return cls(terms[order], ends, place.astype(kind), counted)

    @classmethod
    def merged(cls, parts: Sequence[tuple["Postings", NDArray[np.int64]]]) -> Self:
        """:param parts: postings, and the new place of each old one, below 0 if it is gone"""
        terms = np.unique(np.concatenate([part.terms for part, _ in parts]))
        found = [_moved(*part, terms) for part in parts]
        numbers, places, counts = (np.concatenate(each) for each in zip(*found, strict=True))
        left = np.flatnonzero(np.bincount(numbers, minlength=len(terms)))
        return cls.of(terms[left], np.searchsorted(left, numbers), places, counts)

    def counts_at(
        self, places: NDArray[np.int64], stretches: Stretches, terms: int
    ) -> NDArray[np.uint8]:
        """How often each term sought stands at some places: (places, terms).

        :param places: ascending
        :param stretches: of the terms sought that are there
        :param terms: how many are sought
        """
        from matching.word_loops import counts_at

        found = np.zeros((len(places), terms), np.uint8)
        counts_at((self.places, self.counts), stretches, places, found)
        return found

    def stretches(self, sought: Ids) -> Stretches:
        """Where the places are of each term sought that is there."""
        there, at = found_at(self.terms, sought)
        numbers = np.flatnonzero(there)
        return numbers, self.ends[at[numbers]], self.ends[at[numbers] + 1]


def _moved(
    postings: Postings, new_place: NDArray[np.int64], terms: Ids
) -> tuple[Places, Places, Places]:
    """Single findings of the places that are left: numbers in ``terms``, new places, counts."""
    numbers = np.repeat(np.searchsorted(terms, postings.terms), np.diff(postings.ends))
    places = new_place[postings.places]
    kept = places >= 0
    return numbers[kept], places[kept], postings.counts[kept]


def _added_up(pairs: Places, counts: Places | None) -> tuple[Places, NDArray[np.uint8]]:
    if counts is None:
        distinct, totals = np.unique(pairs, return_counts=True)
    else:
        distinct, inverse = np.unique(pairs, return_inverse=True)
        totals = np.bincount(inverse, weights=counts, minlength=len(distinct))
    return distinct, np.minimum(totals, _MOST_COUNTED).astype(np.uint8)
