"""How close is unusually close: similarities measured against unrelated texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matching.background_texts import STATEMENTS
from matching.encoder import Encoder, Vectors, unit
from matching.text import LANGUAGES

Numbers = NDArray[Any]
_NARROWEST = 1e-2


def language_number(languages: Sequence[str]) -> int:
    """Position of the likeliest language in the tables; one past the last if it is unknown."""
    return LANGUAGES.index(languages[0]) if languages else len(LANGUAGES)


@dataclass(frozen=True, slots=True)
class Background:
    """Vectors of unrelated statements, one (statement, dimension) block a language.

    An encoder's similarities live in a band of their own, narrow and shifted by the languages
    of the pair. Told in deviations from what unrelated texts of those languages reach, they
    mean the same for every encoder, every language pair and every collection: the score
    normalisation with a cohort that speaker recognition uses ("S-norm").
    """

    needs: tuple[Vectors, ...]
    passages: tuple[Vectors, ...]

    @classmethod
    def of(cls, encoder: Encoder) -> Self:
        needs = [encoder.encode_needs(STATEMENTS[language]) for language in LANGUAGES]
        passages = [encoder.encode_passages(STATEMENTS[language]) for language in LANGUAGES]
        return cls(_with_unknown(needs), _with_unknown(passages))

    def of_needs(self, vectors: Vectors) -> Numbers:
        """Mean and deviation of each vector to passages of each language: (n, languages, 2)."""
        return _spread(vectors, self.passages)

    def of_passages(self, vectors: Vectors) -> Numbers:
        """Mean and deviation of each vector to needs in each language: (n, languages, 2)."""
        return _spread(vectors, self.needs)


def deviations(similarities: Numbers, of_needs: Numbers, of_passages: Numbers) -> Numbers:
    """Similarities in standard deviations above unrelated, mean of both sides' view.

    :param similarities: (q, n)
    :param of_needs: (q, n, 2) mean and deviation seen from the need
    :param of_passages: (n, 2) mean and deviation seen from the passage
    """
    from_need = (similarities - of_needs[..., 0]) / of_needs[..., 1]
    from_passage = (similarities - of_passages[None, :, 0]) / of_passages[None, :, 1]
    return np.asarray((from_need + from_passage) / 2, np.float32)


def _with_unknown(blocks: list[Vectors]) -> tuple[Vectors, ...]:
    return (*blocks, unit(np.sum(blocks, axis=0)))


def _spread(vectors: Vectors, cohorts: tuple[Vectors, ...]) -> Numbers:
    spread = np.zeros((len(vectors), len(cohorts), 2), np.float32)
    for number, cohort in enumerate(cohorts):
        similarities = vectors @ cohort.T
        spread[:, number, 0] = similarities.mean(axis=1)
        spread[:, number, 1] = np.maximum(similarities.std(axis=1), _NARROWEST)
    return spread
