"""The words of a requirement against the words of a passage."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.background import Numbers
from matching.lazy import lazy
from matching.passage_index import Row
from matching.text import content_words, first, sentences, stems

_CARRIES = 0.5
"""Closeness to a word asked for from which a word of the quote is highlighted."""

_ENOUGH_SHARED = 0.5
"""Share of the words asked for that a passage has literally; with it meaning is not consulted."""

Span = tuple[int, int]
Edges = NDArray[np.int64]


class _Stemmed:
    """Words with their stems in each language they are compared in."""

    def __init__(self, words: Iterable[str], language: str) -> None:
        self.language = language
        self.words = list(words)
        self._places: dict[str, dict[str, list[int]]] = {}

    def places(self, language: str) -> dict[str, list[int]]:
        """Where the words with each stem are."""
        if language not in self._places:
            found = self._places[language] = {}
            for place, stem in enumerate(stems(self.words, language)):
                found.setdefault(stem, []).append(place)
        return self._places[language]

    @lazy
    def keyed(self) -> list[tuple[str, str]]:
        """Each word with its language."""
        return [(self.language, word) for word in self.words]


class Asked(_Stemmed):
    """The content words of a requirement, read once for all passages."""

    def __init__(self, requirement: str, languages: Sequence[str]) -> None:
        """:param languages: those it may be in, likeliest first"""
        found = content_words(requirement, first(languages))
        super().__init__(dict.fromkeys(word.text for word in found), first(languages))
        self.languages = frozenset(languages)


class Said(_Stemmed):
    """The content words and sentences of a row, read once for all requirements it answers."""

    def __init__(self, row: Row) -> None:
        text, language = row.passage.text, first(row.languages)
        within = content_words(text[row.start : row.end], language)
        super().__init__((word.text for word in within), language)
        self.row = row
        self.languages = frozenset(row.languages)
        self.starts = row.start + np.array([word.start for word in within], np.int64)
        self.ends = row.start + np.array([word.end for word in within], np.int64)
        self.sentences = row.start + np.array(sentences(text[row.start : row.end]), np.int64)

    @lazy
    def edges(self) -> Edges:
        """The number of each sentence's first word and of the one behind its last."""
        first = np.searchsorted(self.starts, self.sentences[:, 0])
        last = np.searchsorted(self.ends, self.sentences[:, 1], side="right")
        return np.column_stack([first, last])


@dataclass(frozen=True, slots=True)
class Comparison:
    """``shared`` is 1 where two words have the same stem: one line a word asked for."""

    asked: Asked
    said: Said
    shared: Numbers
    needs_meaning: bool

    @classmethod
    def of(cls, asked: Asked, said: Said) -> "Comparison":
        common = asked.languages & said.languages or {""}
        shared = np.zeros((len(asked.words), len(said.words)), np.float32)
        met: set[int] = set()
        for language in common:
            others = said.places(language)
            for stem, places in asked.places(language).items():
                if stem in others:
                    met.update(places)
                    for place in places:
                        shared[place, others[stem]] = 1
        is_unlike = shared.size > 0 and len(met) < _ENOUGH_SHARED * len(asked.words)
        return cls(asked, said, shared, is_unlike)

    def quoted(self, meaning: Callable[[Asked, Said], Numbers]) -> tuple[Span, tuple[Span, ...]]:
        """The best sentence, and within it the ranges of the words that carry the verdict.

        :param meaning: tells how near words are, one line a word asked for
        """
        near = self.shared
        if self.needs_meaning:
            near = np.maximum(near, meaning(self.asked, self.said))
        from matching.word_loops import best_sentence, carrying

        edges = self.said.edges
        best = best_sentence(near, edges)
        start, end = map(int, self.said.sentences[best])
        carries = carrying(near, edges[best], _CARRIES)
        starts = (self.said.starts[carries] - start).tolist()
        ends = (self.said.ends[carries] - start).tolist()
        return (start, end), tuple(zip(starts, ends, strict=True))
