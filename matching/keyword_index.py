"""Which profiles share words with a need, and how telling those words are."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from matching.lazy import lazy
from matching.postings import Ids, Postings, ids_of
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
    word_texts,
)

_K1, _B = 1.2, 0.6
_TELLING = 12
"""So many of a need's rarest words make a full share: a long need is not found word by word. Nor
does it gain from chance meetings, which grow with its length as a vector: a word said three times
makes it three times as long in that direction."""


Found = Sequence[tuple[int, slice]]
"""The number of each term that is there, and where its places are."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of a text that asks: stems of its own languages, and names any language shares.

    ``count`` is the number of its content words, whether or not they are names.
    """

    own: tuple[str, ...]
    names: tuple[str, ...]
    count: int


def passage_terms(text: str, languages: tuple[str, ...]) -> list[str]:
    """What each word of a passage can be found by."""
    return [term for word in word_texts(text) for term in word_terms(word, languages)]


@lru_cache(REMEMBERED)
def word_terms(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The stem of a word, marked with each language it may be in, and the word as it is."""
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

    def alive_at(self, where: slice) -> int:
        """How many documents of a stretch of the postings are there."""
        if self.is_whole:
            return int(where.stop - where.start)
        return int(self.alive[self.postings.places[where]].sum())


class KeywordIndex:
    """BM25 over documents, told as a share of what a need's words could reach."""

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self._shelves = shelves
        self._count = sum(int(shelf.alive.sum()) for shelf in shelves)
        words = sum(int(shelf.lengths[shelf.alive].sum()) for shelf in shelves)
        self._mean_length = max(words / max(self._count, 1), 1.0)

    def shares(self, terms: Sequence[str], *, words: int) -> NDArray[np.float64]:
        """One number a document: 0 without a shared word, about 1 with all words that tell.

        :param words: how many words were asked for, found or not
        """
        asked = Counter(terms)
        ids = ids_of(asked)
        times = np.array(list(asked.values()), np.int64)
        found = self._found(ids)
        rarity = self._rarity(len(ids), found)
        scored = zip(self._normed, found, strict=True)
        shares = [self._scores(*each, where, times * rarity) for each, where in scored]
        reachable = self._reachable(rarity, times, words)
        return np.concatenate([np.zeros(0), *shares]) / reachable

    def measure(self, terms: Sequence[str], *, words: int) -> Callable[[Iterable[str]], float]:
        """Tells what ``shares`` would say of documents that are not in the index."""
        asked = Counter(terms)
        times = np.array(list(asked.values()), np.int64)
        rarity = self._rarity(len(asked), self._found(ids_of(asked)))
        reachable = self._reachable(rarity, times, words)

        def share(document: Iterable[str]) -> float:
            counts = Counter(document)
            norm = float(self._norm(np.array(counts.total())))
            found = np.array([counts.get(term, 0) for term in asked])
            return float((times * rarity * (found / (found + norm))).sum() / reachable)

        return share

    @lazy
    def _normed(self) -> list[tuple[Shelf, NDArray[np.float64]]]:
        return [(shelf, self._norm(shelf.lengths)) for shelf in self._shelves]

    def _norm(self, lengths: NDArray[np.int32]) -> NDArray[np.float64]:
        return np.asarray(_K1 * (1 - _B + _B * lengths / self._mean_length))

    def _scores(
        self, shelf: Shelf, norm: NDArray[np.float64], found: Found, rarity: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        from matching.word_loops import add_shares

        scores = np.zeros(len(shelf.lengths))
        for number, where in found:
            places, counts = shelf.postings.places[where], shelf.postings.counts[where]
            add_shares(places, counts, rarity[number], norm, scores)
        return scores

    def _found(self, ids: Ids) -> list[Found]:
        """Where the terms are on each shelf."""
        return [list(shelf.postings.of_each(ids)) for shelf in self._shelves]

    def _rarity(self, terms: int, found: Sequence[Found]) -> NDArray[np.float64]:
        """Inverse document frequency as Lucene has it.

        :param terms: how many there are
        """
        counts = np.zeros(terms)
        for shelf, there in zip(self._shelves, found, strict=True):
            for number, where in there:
                counts[number] += shelf.alive_at(where)
        return np.log1p((self._count - counts + 0.5) / (counts + 0.5))

    def _reachable(
        self, rarity: NDArray[np.float64], times: NDArray[np.int64], words: int
    ) -> float:
        """:param rarity: of each distinct term, told ``times``"""
        unseen = [log(1 + (self._count + 0.5) / 0.5)] * (words - int(times.sum()))
        rarest = sum(sorted([*np.repeat(rarity, times), *unseen], reverse=True)[:_TELLING])
        squares = float((rarity * times**2).sum()) + sum(unseen)
        return max(sqrt(rarest * squares), 1e-9)
