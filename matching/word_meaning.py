"""How near single words are in meaning, across languages."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from matching.background import Numbers
from matching.background_texts import STATEMENTS
from matching.encoder import Encoder, Vectors
from matching.text import content_words

_UNRELATED, _SAME = 1.5, 4.5
"""Deviations above the closeness of unrelated words at which two words are held to be
strangers (0) and one and the same (1)."""


class WordMeaning:
    """Remembers the vector of each word it was ever asked for; the same words always get the same
    answer, whatever was asked before.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, Vectors] = {}

    def learn(self, words: Iterable[str]) -> None:
        """Encode many words at once, which is far cheaper than one by one."""
        unknown = sorted(set(words) - self._vectors.keys())
        if unknown:
            vectors = self._encoder.encode_passages(unknown)
            self._vectors.update(zip(unknown, vectors, strict=True))

    def closeness(self, asked: Sequence[str], said: Sequence[str]) -> Numbers:
        """0 (strangers) to 1 (the same), one line a word asked for."""
        self.learn([*asked, *said])
        left, right = self._stacked(asked), self._stacked(said)
        deviation = (self._deviation(left, right) + self._deviation(right, left).T) / 2
        return np.clip((deviation - _UNRELATED) / (_SAME - _UNRELATED), 0, 1)

    def _deviation(self, left: Vectors, right: Vectors) -> Numbers:
        background = left @ self._background.T
        mean, spread = background.mean(axis=1), np.maximum(background.std(axis=1), 1e-2)
        deviation: Numbers = (left @ right.T - mean[:, None]) / spread[:, None]
        return deviation

    @cached_property
    def _background(self) -> Vectors:
        found = {
            word.text
            for language, statements in STATEMENTS.items()
            for statement in statements
            for word in content_words(statement, language)
        }
        return self._encoder.encode_passages(sorted(found))

    def _stacked(self, words: Sequence[str]) -> Vectors:
        return np.array([self._vectors[word] for word in words], np.float32)
