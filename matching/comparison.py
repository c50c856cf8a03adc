"""The words of a requirement against the words of a passage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from matching.background import Numbers
from matching.passage_index import Row
from matching.text import Word, content_words, first, sentences, stems

_CARRIES = 0.5
"""Closeness to a word asked for from which a word of the quote is highlighted."""

_ENOUGH_SHARED = 0.5
"""Share of the words asked for that a passage has literally; with it meaning is not consulted."""

Span = tuple[int, int]


class Said:
    """The content words and sentences of a row, read once for all requirements it answers."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.language = first(row.languages)
        text = row.passage.text
        self.words = _within(row, content_words(text, self.language))
        self.sentences = [s for s in sentences(text) if row.start <= s[0] and s[1] <= row.end]
        self._stems: dict[str, Numbers] = {}

    @property
    def texts(self) -> list[str]:
        return [word.text for word in self.words]

    def stems(self, language: str) -> Numbers:
        if language not in self._stems:
            self._stems[language] = np.array(stems(self.texts, language), np.str_)
        return self._stems[language]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``shared`` is 1 where two words have the same stem: one line a word asked for.

    ``languages`` are the likeliest of the requirement and of the row, "" if not known.
    """

    languages: tuple[str, str]
    asked: list[str]
    said: Said
    shared: Numbers

    @classmethod
    def of(cls, requirement: str, languages: Sequence[str], said: Said) -> "Comparison":
        """:param languages: those the requirement may be in, likeliest first"""
        asked = _distinct(content_words(requirement, first(languages)))
        common = set(languages) & set(said.row.languages) or {""}
        shared = np.zeros((len(asked), len(said.words)), np.float32)
        for language in sorted(common):
            own = np.array(stems(asked, language), np.str_)
            shared = np.maximum(shared, own[:, None] == said.stems(language))
        return cls((first(languages), said.language), asked, said, shared)

    @property
    def needs_meaning(self) -> bool:
        if not self.asked or not self.said.words:
            return False
        return bool(self.shared.max(axis=1).mean() < _ENOUGH_SHARED)

    @property
    def asked_words(self) -> list[tuple[str, str]]:
        """Each with its language."""
        return [(self.languages[0], word) for word in self.asked]

    @property
    def said_words(self) -> list[tuple[str, str]]:
        """Each with its language."""
        return [(self.languages[1], word) for word in self.said.texts]

    def best_sentence(self, closeness: Numbers) -> Span:
        """The one that covers most of the words asked for; the earliest of equals."""
        return max(self.said.sentences, key=lambda span: (self._covered(closeness, span), -span[0]))

    def highlights(self, closeness: Numbers, sentence: Span) -> tuple[Span, ...]:
        """Ranges within the sentence."""
        start, end = sentence
        return tuple(
            (word.start - start, word.end - start)
            for number, word in enumerate(self.said.words)
            if start <= word.start and word.end <= end and closeness[:, number].max() >= _CARRIES
        )

    def _covered(self, closeness: Numbers, span: Span) -> float:
        inside = [
            n for n, w in enumerate(self.said.words) if span[0] <= w.start and w.end <= span[1]
        ]
        if not inside or not self.asked:
            return 0.0
        return float(closeness[:, inside].max(axis=1).sum())


def _distinct(found: Iterable[Word]) -> list[str]:
    return list(dict.fromkeys(word.text for word in found))


def _within(row: Row, found: Iterable[Word]) -> list[Word]:
    return [word for word in found if row.start <= word.start and word.end <= row.end]
