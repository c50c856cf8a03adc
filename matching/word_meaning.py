"""How near single words are in meaning, across languages."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from matching.background import Numbers
from matching.background_texts import STATEMENTS
from matching.encoder import Encoder, EncoderPair, Vectors, unit
from matching.text import LANGUAGES, content_words

Pair = tuple[str, str]

_STRANGERS, _SAME = 0.15, 0.6
"""Similarities, after the mean of their language is taken away, at which two words are held to
have nothing in common (0) and to be one and the same (1)."""


class WordMeaning:
    """Remembers the vector of each word it was ever asked for; the same words always get the same
    answer, whatever was asked before.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder.general if isinstance(encoder, EncoderPair) else encoder
        self._vectors: dict[str, Vectors] = {}

    def learn(self, words: Iterable[str]) -> None:
        """Encode many words at once, which is far cheaper than one by one."""
        unknown = sorted(set(words) - self._vectors.keys())
        if unknown:
            vectors = self._encoder.encode_passages(unknown)
            self._vectors.update(zip(unknown, vectors, strict=True))

    def closeness(self, asked: Sequence[str], said: Sequence[str], languages: Pair) -> Numbers:
        """0 (strangers) to 1 (the same), one line a word asked for.

        :param languages: of the words asked for and of those said
        """
        self.learn([*asked, *said])
        left, right = self._centred(asked, languages[0]), self._centred(said, languages[1])
        return np.asarray(np.clip((left @ right.T - _STRANGERS) / (_SAME - _STRANGERS), 0, 1))

    def _centred(self, words: Sequence[str], language: str) -> Vectors:
        vectors = np.array([self._vectors[word] for word in words], np.float32)
        return unit(vectors - self._means.get(language, self._means[""]))

    @cached_property
    def _means(self) -> dict[str, Vectors]:
        """The mean of unrelated words, by language."""
        means = {
            language: self._encoder.encode_passages(_words_of(language)).mean(axis=0)
            for language in LANGUAGES
        }
        return {**means, "": np.mean(list(means.values()), axis=0)}


def _words_of(language: str) -> list[str]:
    text = " ".join(STATEMENTS[language])
    return sorted({word.text for word in content_words(text, language)})
