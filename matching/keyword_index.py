"""Which profiles share words with a need, and how telling those words are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.lazy import lazy
from matching.postings import Ids, Postings, Stretches, ids_of
from matching.text import (
    LANGUAGES,
    REMEMBERED,
    content_stems,
    content_texts,
    first,
    fold,
    is_content,
    is_name,
    stems,
)

_K1, _B = 1.2, 0.6
_TELLING = 12
"""So many of a need's rarest words make a full share: a long need is not found word by word. Nor
does it gain from chance meetings, which grow with its length as a vector: a word said three times
makes it three times as long in that direction."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of a text that asks: stems of its own languages, and names any language shares.

    ``count`` is the number of its content words, whether or not they are names.
    """

    own: tuple[str, ...]
    names: tuple[str, ...]
    count: int


@lru_cache(REMEMBERED)
def word_terms(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """What a word of a passage can be found by: its stem, marked with each language it may be in,
    and the word as it is.
    """
    found = [
        f"{language}:{stem}"
        for language in languages
        if is_content(word, language)
        for stem in stems([word], language)
    ]
    mark = first(languages)
    return (*found, f"{mark}={fold(word)}") if is_content(word, mark) else tuple(found)


def asking_terms(text: str, languages: Sequence[str]) -> Terms:
    """:param languages: those the text may be in; its stems are looked up there, and in all
    others only its names
    """
    own = [f"{language}:{stem}" for language in languages for stem in content_stems(text, language)]
    content = content_texts(text, first(languages))
    names = [fold(word) for word in content if is_name(word)]
    others = [language for language in (*LANGUAGES, "") if language not in languages]
    elsewhere = [f"{other}={name}" for other in others for name in names]
    return Terms(tuple(sorted(own)), tuple(sorted(elsewhere)), len(content))


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents of one segment: which of them are there, how long they are, what is in them."""

    postings: Postings
    lengths: NDArray[np.int32]
    alive: NDArray[np.bool_]
    is_whole: bool

    @classmethod
    def of(
        cls, postings: Postings, lengths: NDArray[np.int32], alive: NDArray[np.bool_]
    ) -> "Shelf":
        return cls(postings, lengths, alive, is_whole=bool(alive.all()))

    def alive_at(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many documents of each of some stretches of the postings are there."""
        if self.is_whole:
            return ends - starts
        places = map(self.postings.places.__getitem__, map(slice, starts, ends))
        return np.array([self.alive[each].sum() for each in places], np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """Terms asked for, each once, and where they are on each shelf.

    ``worth`` is what each is worth where it stands, ``reachable`` what they could reach together.
    """

    ids: Ids
    found: Sequence[Stretches]
    worth: NDArray[np.float64]
    reachable: float


class KeywordIndex:
    """BM25 over documents, told as a share of what a need's words could reach."""

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self._shelves = shelves
        self._count = sum(int(shelf.alive.sum()) for shelf in shelves)
        words = sum(int(shelf.lengths[shelf.alive].sum()) for shelf in shelves)
        self._mean_length = max(words / max(self._count, 1), 1.0)

    def sought(self, terms: Sequence[str], *, words: int) -> Sought:
        """:param words: how many words were asked for, found or not"""
        asked = Counter(terms)
        ids = ids_of(asked)
        times = np.array(list(asked.values()), np.int64)
        found = [shelf.postings.stretches(ids) for shelf in self._shelves]
        rarity = self._rarity(len(ids), found)
        return Sought(ids, found, times * rarity, self._reachable(rarity, times, words))

    def shares(self, sought: Sought) -> NDArray[np.float64]:
        """One number a document: 0 without a shared word, about 1 with all words that tell."""
        scored = zip(self._normed, sought.found, strict=True)
        shares = [self._scores(*each, where, sought.worth) for each, where in scored]
        together = np.concatenate([np.zeros(0), *shares])
        together /= sought.reachable
        return together

    def shares_of(
        self, sought: Sought, counts: NDArray[np.int64], lengths: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """What ``shares`` would say of documents that are not in the index.

        :param counts: how often each has each term: (documents, terms)
        :param lengths: how many terms each has
        """
        shares = sought.worth * (counts / (counts + self._norm(lengths)[:, None]))
        return np.asarray(shares.sum(axis=1) / sought.reachable)

    @lazy
    def _normed(self) -> list[tuple[Shelf, NDArray[np.float64]]]:
        return [(shelf, self._norm(shelf.lengths)) for shelf in self._shelves]

    def _norm(self, lengths: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(_K1 * (1 - _B + _B * lengths / self._mean_length))

    def _scores(
        self, shelf: Shelf, norm: NDArray[np.float64], found: Stretches, worth: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        from matching.word_loops import add_shares

        scores = np.zeros(len(shelf.lengths))
        add_shares((shelf.postings.places, shelf.postings.counts), found, worth, norm, scores)
        return scores

    def _rarity(self, terms: int, found: Sequence[Stretches]) -> NDArray[np.float64]:
        """Inverse document frequency as Lucene has it.

        :param terms: how many there are
        """
        counts = np.zeros(terms)
        for shelf, (numbers, starts, ends) in zip(self._shelves, found, strict=True):
            counts[numbers] += shelf.alive_at(starts, ends)
        return np.log1p((self._count - counts + 0.5) / (counts + 0.5))

    def _reachable(
        self, rarity: NDArray[np.float64], times: NDArray[np.int64], words: int
    ) -> float:
        """:param rarity: of each distinct term, told ``times``"""
        unseen = [log(1 + (self._count + 0.5) / 0.5)] * (words - int(times.sum()))
        rarest = sum(sorted([*np.repeat(rarity, times), *unseen], reverse=True)[:_TELLING])
        squares = float((rarity * times**2).sum()) + sum(unseen)
        return max(sqrt(rarest * squares), 1e-9)
