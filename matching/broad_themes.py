"""What passages of a collection differ in most, which tells little about who answers a need."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matching.candidates import Limits, typical
from matching.passage_index import PassageIndex
from matching.segment import Rows
from matching.vector_index import crossed, sums

_DIRECTIONS = 5
"""Best on topics of calls and on experts' own papers; with three to ten figures are alike."""

_TOO_FEW = 50
"""Windows of a language that tell nothing. Of twice as many half is believed."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BroadThemes:
    """The few directions along which passages of one language differ most: medicine or software,
    report or advertisement. The encoder for every language spends much of a similarity on them,
    and what sets apart the passages of one field is lost beside it. So they are taken away from
    needs that are told at length; a title has little else to say.

    ``directions`` has one line each, in the first block of a vector; ``shares`` says how much less
    each counts in a product of two vectors, ``left`` how long a vector is on average then.
    """

    directions: Numbers
    shares: Numbers
    left: float

    @classmethod
    def nothing(cls, size: int) -> Self:
        """:param size: of the first block"""
        return cls(np.zeros((0, size)), np.zeros(0), 1.0)

    @classmethod
    def of(cls, index: PassageIndex, language: int, limits: Limits, worth: float) -> Self:
        """Of all passages in a language or, in a large collection, of those of some profiles.

        :param language: its number
        :param worth: 0..1, how much of it counts: all where everybody speaks the language
        """
        count, variances, directions = index.remembered(
            ("broad themes", language, limits), lambda: _measured(index, language, limits)
        )
        own = variances[-len(directions) :]
        broader = 1 - variances.mean() / np.maximum(own, 1e-12)
        shares = worth * max(0.0, 1 - _TOO_FEW / max(count, 1)) * np.maximum(broader, 0)
        taken = shares @ own / max(variances.sum(), 1e-12)
        return cls(directions, shares, float(np.sqrt(1 - taken)))

    def taken_from(self, line: NDArray[Any]) -> Numbers:
        """A line of the first block without them, as long as before on average."""
        along = self.shares * (self.directions @ line)
        return np.asarray((line - along @ self.directions) / self.left)

    def squares_left(self, squares: Numbers, along: Numbers) -> Numbers:
        """How long passages are without them, squared.

        :param squares: how long they are with them, squared
        :param along: their products with each direction: (directions, passages)
        """
        return np.asarray(squares - self.shares @ np.square(along))


def _measured(index: PassageIndex, language: int, limits: Limits) -> tuple[int, Numbers, Numbers]:
    """How many windows there are, the variance in every direction, ascending, and the directions
    of the last of these.
    """
    rows, _ = index.rows_of(typical(index, limits))
    own = rows[index.language_of_row[rows] == language]
    if len(own) <= _TOO_FEW:
        first = index.background.blocks[0]
        size = first.end - first.start
        return len(own), np.zeros(size), np.zeros((_DIRECTIONS, size))
    variances, directions = np.linalg.eigh(_covariance(index, own))
    return len(own), np.maximum(variances, 0), directions.T[-_DIRECTIONS:]


def _covariance(index: PassageIndex, rows: Rows) -> Numbers:
    """Of the dimensions of the first block over some rows, the same in whatever order.

    :param rows: ascending, at least one
    """
    first = index.background.blocks[0]
    parts = [(segment.vectors, own) for segment, own in index.apart(rows)]
    mean = np.sum([sums(*part, first) for part in parts], axis=0) / len(rows)
    squares = np.sum([crossed(*part, first) for part in parts], axis=0) / len(rows)
    return np.asarray(squares - np.outer(mean, mean))
