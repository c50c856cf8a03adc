"""How near single words are in meaning, across languages."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.background_texts import STATEMENTS
from matching.encoder import Encoder, Vectors, encode_in_batches
from matching.encoder_pair import EncoderPair
from matching.postings import Ids
from matching.text import LANGUAGES, REMEMBERED, content_texts
from matching.threads import shared
from matching.vocabulary import Vocabulary, Word, word_id

PackedWords = NDArray[np.int8]
Nearness = NDArray[np.float32]

_STRANGERS, _SAME = 0.15, 0.6
"""Similarities, after the mean of their language is taken away, at which two words are held to
have nothing in common (0) and to be one and the same (1)."""

_STEPS = 127
_AT_ONCE = 8192
_COMPARED_AT_ONCE = 512
_MOST_REMEMBERED = 10_000


def word_ids(words: Sequence[Word]) -> Ids:
    return np.fromiter(map(word_id, words), np.uint64, len(words))


def nearness(asked: PackedWords, said: PackedWords) -> Nearness:
    """How near words are: 0 (strangers) to 1 (the same), one line a word asked for. A word of zeros
    is a stranger to all.
    """
    from matching.word_loops import Limits, closeness

    found = np.empty((len(asked), len(said)), np.float32)

    def measure(start: int) -> None:
        stretch = start, min(start + _COMPARED_AT_ONCE, len(said))
        closeness(asked, said, Limits(_STRANGERS, _SAME), stretch, found)

    shared(measure, range(0, len(said), _COMPARED_AT_ONCE))
    return found


class WordMeaning:
    """Encodes words. A word is compared by what sets it apart from others of its language."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder.general if isinstance(encoder, EncoderPair) else encoder
        self._asked: dict[Word, PackedWords] = {}
        self._vocabulary = Vocabulary()

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    @property
    def vocabulary(self) -> Vocabulary:
        """Of words met lately; whoever asks for numbers stays with the same one."""
        if len(self._vocabulary) > REMEMBERED:
            self._vocabulary = Vocabulary()
        return self._vocabulary

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
    return sorted(set(content_texts(text, language)))
