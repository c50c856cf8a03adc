"""Who is looked at in full, where looking at everybody would take too long."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.background import Numbers
from matching.encoder import Vectors
from matching.passage_index import PassageIndex
from matching.segment import Flags, Rows

_WIDER = 4
_FEWEST = 100
"""Rows of a language that are looked at, however few of all rows are in it."""
_FURTHEST = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is looked at for one need.

    ``in_full``: windows up to which everything is compared with everything, and nothing is rough.
    Beyond, ``nearest`` are the windows taken for each line of a need (its theme or a
    requirement), ``most_shared`` those or the profiles that share most words with it, and
    ``typical`` the profiles by whom is told what is usual.
    """

    in_full: int = 20_000
    nearest: int = 1_000
    most_shared: int = 200
    typical: int = 2_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Glance:
    """What can be told of every row and profile at little cost: the words they share with a need.

    ``own`` and ``names`` count words of each requirement in each row; ``own_words`` and
    ``name_words`` are what each profile shares with the theme.
    """

    own: NDArray[np.uint8]
    names: NDArray[np.uint8]
    own_words: Numbers
    name_words: Numbers


def typical(index: PassageIndex, limits: Limits) -> Rows:
    """Profiles by whom is told what is usual: everybody in a small collection, else some drawn by
    lot, the same ones however the collection came about.
    """
    numbers = np.flatnonzero(index.alive)
    if index.row_count <= limits.in_full or len(numbers) <= limits.typical:
        return numbers
    drawn = np.argpartition(index.lot[numbers], limits.typical)[: limits.typical]
    return np.sort(numbers[drawn])


def candidates(
    index: PassageIndex, needs: Vectors, glance: Glance, allowed: Flags, limits: Limits
) -> Iterator[Rows]:
    """Numbers of the allowed profiles that may come first; more of them each time, at last all.

    :param needs: centred vectors, the theme's and one a requirement
    """
    rows = np.flatnonzero(allowed[index.profile_of_row])
    if len(rows) > limits.in_full:
        choice = _Choice(index, rows, index.distances(needs)[:, rows])
        nearest = limits.nearest
        while nearest < len(rows):
            chosen = choice.nearest(nearest)
            chosen |= choice.most_shared(glance, allowed, limits.most_shared)
            yield np.flatnonzero(chosen)
            nearest *= _WIDER
    yield np.flatnonzero(allowed)


class _Choice:
    """Profiles chosen by their rows. ``distances`` are those of each line from each row."""

    def __init__(self, index: PassageIndex, rows: Rows, distances: NDArray[np.int32]) -> None:
        self._rows = rows
        self._distances = distances
        self._owners = index.profile_of_row[rows]
        self._languages = index.language_of_row[rows]
        self._count = len(index.alive)

    def nearest(self, count: int) -> Flags:
        """Owners of the rows that are nearest to any line. Each language has its share of them,
        for what lifts a whole language is taken away later.
        """
        chosen = np.zeros(self._count, np.bool_)
        for language in np.unique(self._languages):
            own = np.flatnonzero(self._languages == language)
            share = max(_FEWEST, count * len(own) // len(self._rows))
            for line in self._distances:
                chosen[self._owners[own[_least(line[own], share)]]] = True
        return chosen

    def most_shared(self, glance: Glance, allowed: Flags, count: int) -> Flags:
        """Owners of the rows with most words of a requirement, the nearer ones first; and those
        who share most with the theme.
        """
        chosen = np.zeros(self._count, np.bool_)
        shared = glance.own[:, self._rows] + glance.names[:, self._rows]
        for words, line in zip(shared, self._distances[1:], strict=True):
            sharing = np.flatnonzero(words)
            order = line[sharing] - words[sharing] * np.int32(_FURTHEST)
            chosen[self._owners[sharing[_least(order, count)]]] = True
        for shares in (glance.own_words, glance.name_words):
            sharing = np.flatnonzero(allowed & (shares > 0))
            chosen[sharing[_least(-shares[sharing], count)]] = True
        return chosen


def _least(values: Numbers, count: int) -> Rows:
    """Places of the smallest values, and of all that tie with the last of them: which values they
    are does not depend on their order.
    """
    if len(values) <= count:
        return np.arange(len(values))
    return np.flatnonzero(values <= np.partition(values, count - 1)[count - 1])
