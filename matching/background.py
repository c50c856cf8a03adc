"""How close is unusually close: vectors and similarities measured against unrelated texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matching.background_texts import STATEMENTS
from matching.encoder import Encoder, Vectors, unit
from matching.encoder_pair import Block, blocks_of
from matching.text import LANGUAGES

Numbers = NDArray[Any]
UNKNOWN = len(LANGUAGES)
"""The number of a text that is in none of the languages, or in one that cannot be told."""

_NARROWEST = 0.06


def language_number(languages: Sequence[str]) -> int:
    return LANGUAGES.index(languages[0]) if len(languages) == 1 else UNKNOWN


@dataclass(frozen=True, slots=True)
class Background:
    """Where unrelated statements lie in an encoder's space, per language and side.

    All vectors of an encoder share a direction, and those of one language share another. That
    is why similarities live in a narrow band, shifted by the languages of the pair, with texts
    that are near to everything. Taking the mean of unrelated statements of the same language
    and side away leaves what a text is about. An encoder for one language, taught that unrelated
    texts of it lie at right angles, is left as it is. What remains between unrelated statements is
    the unit in which similarities are told: deviations, which mean the same for every encoder,
    every pair of languages and every collection.

    ``needs`` and ``passages`` are the means, one line a language number; ``spread`` holds mean and
    deviation of the similarity of unrelated pairs: (need's language, passage's language, 2).
    """

    blocks: tuple[Block, ...]
    needs: Vectors
    passages: Vectors
    spread: Numbers

    @classmethod
    def of(cls, encoder: Encoder) -> Self:
        blocks = blocks_of(encoder)
        needs = [encoder.encode_needs(STATEMENTS[language]) for language in LANGUAGES]
        passages = [encoder.encode_passages(STATEMENTS[language]) for language in LANGUAGES]
        asked, said = (_means([_apart(v, blocks) for v in side]) for side in (needs, passages))
        for block in blocks[1:]:
            asked[:, block.start : block.end] = said[:, block.start : block.end] = 0
        without_spread = cls(blocks, asked, said, np.zeros(0))
        return cls(
            blocks,
            without_spread.needs,
            without_spread.passages,
            _spread(without_spread, needs, passages),
        )

    def centred_needs(self, vectors: Vectors, languages: Numbers) -> Vectors:
        """:param languages: the language number of each vector"""
        return self._centred(vectors, self.needs, languages)

    def centred_passages(self, vectors: Vectors, languages: Numbers) -> Vectors:
        """:param languages: the language number of each vector"""
        return self._centred(vectors, self.passages, languages)

    def deviations(self, similarities: Numbers, need: int, passages: Numbers) -> Numbers:
        """Similarities of centred vectors as deviations above unrelated.

        :param similarities: (q, n)
        :param need: the language number of the need
        :param passages: (n,) language numbers
        """
        mean, deviation = np.moveaxis(self.spread[need, passages], -1, 0)
        return np.asarray((similarities - mean) / deviation)

    def is_special(self, language: int) -> bool:
        """Whether an encoder for this language alone has a say."""
        spoken = [code for block in self.blocks for code in block.languages]
        return language in map(LANGUAGES.index, spoken)

    def in_general(self, needs: Vectors) -> Vectors:
        """Centred needs without what an encoder for one language has to say."""
        part = slice(self.blocks[0].start, self.blocks[0].end)
        alone = np.zeros_like(needs)
        alone[:, part] = unit(needs[:, part])
        return alone

    def general_share(self, languages: Numbers) -> Numbers:
        """How long the part of a centred vector is that the encoder for all languages fills.

        :param languages: the language number of each vector
        """
        squares = np.ones(len(languages))
        for block in self.blocks[1:]:
            spoken = [language_number([code]) for code in block.languages]
            bridged = 0.0 if block.bridge is None else block.bridged
            squares += np.where(np.isin(languages, spoken), block.weight, bridged)
        return np.asarray(1 / np.sqrt(squares))

    def _centred(self, vectors: Vectors, means: Vectors, languages: Numbers) -> Vectors:
        said = _apart(vectors, self.blocks)
        moved = np.where(said, said - means[languages], 0)
        first, *others = (unit(moved[:, block.start : block.end]) for block in self.blocks)
        completed = [
            _completed(block, own, first, languages)
            for block, own in zip(self.blocks[1:], others, strict=True)
        ]
        return unit(np.hstack([first, *completed]))


def _apart(vectors: Vectors, blocks: Sequence[Block]) -> Vectors:
    """Each block of length one, whether or not the others say something."""
    return np.hstack([unit(vectors[:, block.start : block.end]) for block in blocks])


def _completed(block: Block, own: Vectors, general: Vectors, languages: Numbers) -> Vectors:
    """A block with what its encoder said, or what the bridge says where it is silent."""
    spoken = [language_number([code]) for code in block.languages]
    understood = np.isin(languages, spoken) & own.any(axis=1)
    bridged = np.zeros_like(own) if block.bridge is None else unit(general @ block.bridge)
    return np.where(understood[:, None], sqrt(block.weight) * own, sqrt(block.bridged) * bridged)


def _means(vectors_by_language: Sequence[Vectors]) -> Vectors:
    means = [vectors.mean(axis=0) for vectors in vectors_by_language]
    return np.array([*means, np.mean(means, axis=0)], np.float32)


def _spread(
    background: Background, needs: Sequence[Vectors], passages: Sequence[Vectors]
) -> Numbers:
    """Over all pairs of different statements; unknown languages get all languages' statements."""
    spread = np.zeros((UNKNOWN + 1, UNKNOWN + 1, 2))
    statements = len(needs[0])
    for asked in range(UNKNOWN + 1):
        centred_needs = background.centred_needs(*_of_language(needs, asked))
        for said in range(UNKNOWN + 1):
            centred_passages = background.centred_passages(*_of_language(passages, said))
            similarities = centred_needs @ centred_passages.T
            left, right = (np.arange(size) % statements for size in similarities.shape)
            unrelated = similarities[left[:, None] != right]
            spread[asked, said] = unrelated.mean(), max(unrelated.std(), _NARROWEST)
    return spread


def _of_language(vectors: Sequence[Vectors], number: int) -> tuple[Vectors, Numbers]:
    chosen = np.vstack(vectors) if number == UNKNOWN else vectors[number]
    return chosen, np.full(len(chosen), number)
