"""The words of a requirement against the words of a passage."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.background import Numbers
from matching.passage_index import Row
from matching.text import content_words, first, sentences, stems

_CARRIES = 0.5
"""Closeness to a word asked for from which a word of the quote is highlighted."""

_ENOUGH_SHARED = 0.5
"""Share of the words asked for that a passage has literally; with it meaning is not consulted."""

Span = tuple[int, int]
Stems = NDArray[np.str_]


class _Stemmed:
    """Words with their stems in each language they are compared in."""

    def __init__(self, words: Iterable[str], language: str) -> None:
        self.language = language
        self.words = list(words)
        self._stems: dict[str, Stems] = {}

    def stems(self, language: str) -> Stems:
        if language not in self._stems:
            self._stems[language] = np.array(stems(self.words, language), np.str_)
        return self._stems[language]

    @cached_property
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
        self.sentences = [s for s in sentences(text) if row.start <= s[0] and s[1] <= row.end]

    def inside(self, span: Span) -> slice:
        """The words of a stretch of the passage."""
        return slice(
            int(np.searchsorted(self.starts, span[0])),
            int(np.searchsorted(self.ends, span[1], side="right")),
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """``shared`` is 1 where two words have the same stem: one line a word asked for."""

    asked: Asked
    said: Said
    shared: Numbers

    @classmethod
    def of(cls, asked: Asked, said: Said) -> "Comparison":
        common = asked.languages & said.languages or {""}
        shared = np.zeros((len(asked.words), len(said.words)), np.bool_)
        for language in common:
            shared |= asked.stems(language)[:, None] == said.stems(language)
        return cls(asked, said, shared.astype(np.float32))

    @property
    def needs_meaning(self) -> bool:
        if not self.shared.size:
            return False
        return bool(self.shared.max(axis=1).mean() < _ENOUGH_SHARED)

    def quoted(self, meaning: Callable[[Asked, Said], Numbers]) -> tuple[Span, tuple[Span, ...]]:
        """The best sentence, and within it the ranges of the words that carry the verdict.

        :param meaning: tells how near words are, one line a word asked for
        """
        near = self.shared
        if self.needs_meaning:
            near = np.maximum(near, meaning(self.asked, self.said))
        sentence = self._best_sentence(near)
        return sentence, self._highlights(near, sentence)

    def _best_sentence(self, near: Numbers) -> Span:
        """The one that covers most of the words asked for; the earliest of equals."""
        return max(self.said.sentences, key=lambda span: (self._covered(near, span), -span[0]))

    def _covered(self, near: Numbers, span: Span) -> float:
        return float(near[:, self.said.inside(span)].max(axis=1, initial=0).sum())

    def _highlights(self, near: Numbers, sentence: Span) -> tuple[Span, ...]:
        inside = self.said.inside(sentence)
        carries = near[:, inside].max(axis=0, initial=0) >= _CARRIES
        starts = self.said.starts[inside][carries] - sentence[0]
        ends = self.said.ends[inside][carries] - sentence[0]
        return tuple(zip(starts.tolist(), ends.tolist(), strict=True))
