"""How near single words are in meaning, across languages."""

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matching.background import Numbers
from matching.background_texts import STATEMENTS
from matching.encoder import Encoder, Vectors, encode_in_batches
from matching.encoder_pair import EncoderPair
from matching.postings import Ids, ids_of
from matching.text import LANGUAGES, content_words

Word = tuple[str, str]
"""Language ("" if not known) and word."""

PackedWords = NDArray[np.int8]

_STRANGERS, _SAME = 0.15, 0.6
"""Similarities, after the mean of their language is taken away, at which two words are held to
have nothing in common (0) and to be one and the same (1)."""

_STEPS = 127
_AT_ONCE = 8192
_MOST_REMEMBERED = 10_000


def word_ids(words: Sequence[Word]) -> Ids:
    return ids_of(f"{language}\0{word}" for language, word in words)


class Keyed(Protocol):
    """Several words, each with its language."""

    @property
    def keyed(self) -> Sequence[Word]: ...


class Closeness:
    """How near words are: 0 (strangers) to 1 (the same). A word of zeros is a stranger to all."""

    def __init__(self, words: Sequence[Word], vectors: PackedWords, *, asked: int) -> None:
        """:param asked: how many of the words, from the first one, are asked for"""
        self._place = {word: number for number, word in enumerate(words)}
        self._vectors = vectors
        self._lengths = np.maximum(np.linalg.norm(vectors.astype(np.float32), axis=1), 1e-9)
        self._asked = asked
        self._near: dict[int, tuple[Keyed, Numbers]] = {}

    def __call__(self, asked: Keyed, said: Keyed) -> Numbers:
        """One line a word asked for."""
        if id(said) not in self._near:
            self._near[id(said)] = said, self._of_all_asked(said)
        return self._near[id(said)][1][self._places(asked)]

    def _of_all_asked(self, said: Keyed) -> Numbers:
        from matching.word_loops import products_of_bytes

        places = self._places(said)
        found = np.empty((self._asked, len(places)), np.int32)
        products_of_bytes(self._vectors, np.array(places, np.int64), found)
        near = found / (self._lengths[: self._asked, None] * self._lengths[places])
        return np.asarray(np.clip((near - _STRANGERS) / (_SAME - _STRANGERS), 0, 1), np.float32)

    def _places(self, words: Keyed) -> list[int]:
        return [self._place[word] for word in words.keyed]


class WordMeaning:
    """Encodes words. A word is compared by what sets it apart from others of its language."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder.general if isinstance(encoder, EncoderPair) else encoder
        self._asked: dict[Word, PackedWords] = {}

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def of_asked(self, words: Sequence[Word]) -> PackedWords:
        """Of words of needs, which are remembered: the same need is often asked again."""
        new = [word for word in words if word not in self._asked]
        if len(self._asked) + len(new) > _MOST_REMEMBERED:
            self._asked, new = {}, list(words)
        remembered = {**self._asked, **dict(zip(new, self.packed(new), strict=True))}
        self._asked = remembered
        found = [remembered[word] for word in words]
        return np.array(found, np.int8).reshape(len(words), self.dimension)

    def packed(self, words: Sequence[Word]) -> PackedWords:
        """One line a word, a byte a dimension, the largest number of each line at its limit."""
        found = np.zeros((len(words), self.dimension), np.int8)
        order = sorted(range(len(words)), key=lambda number: words[number][1])
        for start in range(0, len(order), _AT_ONCE):
            some = order[start : start + _AT_ONCE]
            found[some] = self._packed([words[number] for number in some])
        return found

    def _packed(self, words: Sequence[Word]) -> PackedWords:
        texts = list(dict.fromkeys(text for _, text in words))
        encode = self._encoder.encode_passages
        vectors = dict(
            zip(texts, encode_in_batches(encode, texts, dimension=self.dimension), strict=True)
        )
        means = np.array([self._means.get(language, self._means[""]) for language, _ in words])
        centred = np.array([vectors[text] for _, text in words]) - means
        largest = np.abs(centred).max(axis=1, keepdims=True)
        return np.asarray(np.rint(centred * (_STEPS / np.maximum(largest, 1e-9))), np.int8)

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
