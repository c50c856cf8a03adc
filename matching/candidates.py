"""Who is looked at in full, where looking at everybody would take too long."""

from dataclasses import dataclass

import numpy as np

from matching.background import UNKNOWN, Numbers
from matching.passage_index import PassageIndex
from matching.segment import Flags, Rows


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is looked at for one need.

    ``in_full``: windows up to which everybody is compared in full, and nothing is rough. Beyond,
    those with the best rough scores are, ``candidates`` of them or ``margin`` times as many as
    are asked for; and ``typical`` profiles tell what is usual.
    """

    in_full: int = 10_000
    candidates: int = 4_000
    margin: int = 4
    typical: int = 2_000


DEFAULT_LIMITS = Limits()

_ENOUGH = 30
"""Rows of a language by which its own straight line is told; below, by all."""


def typical(index: PassageIndex, limits: Limits) -> Rows:
    """Profiles by whom is told what is usual: everybody in a small collection, else some drawn by
    lot, the same ones however the collection came about.
    """
    return index.remembered(limits, lambda: _typical(index, limits))


def _typical(index: PassageIndex, limits: Limits) -> Rows:
    numbers = np.flatnonzero(index.alive)
    if index.row_count <= limits.in_full or len(numbers) <= limits.typical:
        return numbers
    drawn = np.argpartition(index.lot[numbers], limits.typical)[: limits.typical]
    return np.sort(numbers[drawn])


def best(scores: Numbers, allowed: Flags, count: int) -> Rows:
    """Numbers of the allowed profiles with the best scores, and of all that tie with the last of
    them: who they are does not depend on their order.
    """
    numbers = np.flatnonzero(allowed)
    if len(numbers) <= count:
        return numbers
    own = scores[numbers]
    last = np.partition(own, len(own) - count)[len(own) - count]
    return np.asarray(numbers[own >= last])


class Straight:
    """Straight lines that tell deviations by distances: ``slopes`` and ``starts``, both for each
    line of a need and language number. A language with few rows has the lines of all.
    """

    def __init__(self, distances: Numbers, deviations: Numbers, languages: Rows) -> None:
        """The lines that fit best.

        :param distances: of some rows from each line of a need
        :param deviations: of the same
        :param languages: number of each row's
        """
        far = distances.astype(np.float64)
        self.slopes, self.starts = np.empty((2, len(far), UNKNOWN + 1))
        self.slopes.T[:], self.starts.T[:] = _fitted(far, deviations)
        for language in range(UNKNOWN + 1):
            own = np.flatnonzero(languages == language)
            if len(own) >= _ENOUGH:
                slopes, starts = _fitted(far[:, own], deviations[:, own])
                self.slopes[:, language], self.starts[:, language] = slopes, starts


def _fitted(far: Numbers, near: Numbers) -> tuple[Numbers, Numbers]:
    """Slope and start of the straight line, for each line of a need."""
    middle, size = far.mean(axis=1), max(far.shape[1], 1)
    apart = far - middle[:, None]
    spread = np.maximum(np.einsum("ij,ij->i", apart, apart) / size, 1e-9)
    slopes = np.einsum("ij,ij->i", apart, near) / size / spread
    return slopes, near.mean(axis=1) - slopes * middle
