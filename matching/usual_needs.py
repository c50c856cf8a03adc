"""What the needs of a region have in common, and the passages they are asked of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matching.background import UNKNOWN, Background, language_number
from matching.broad_themes import BroadThemes
from matching.encoder import Vectors, unit
from matching.passage_index import PassageIndex
from matching.question import Question, says_nothing
from matching.segment import Rows

_HALF_BELIEVED = 50
"""Needs or passages of a language at which half of what they have in common is believed."""

_MOST = 0.75
"""Share of it that is taken away at most: something of it may be what they are about."""


@dataclass(frozen=True, slots=True, eq=False)
class UsualNeeds:
    """The mean direction of needs, by language number, in the first block of their vectors.

    Needs of a region are told in a manner of their own (all as titles, all as reports), and so
    are its passages. Both lie off the unrelated statements that ``Background`` takes away, each
    in its own direction; some passages are near to all needs for that alone. What is usual is
    taken away on both sides by the same share, which grows with the number of needs known: on one
    side alone it does harm.

    ``share`` is that share, 0 for a language without needs.
    """

    means: Vectors
    share: NDArray[np.float64]

    @classmethod
    def of(cls, questions: Iterable[Question], background: Background) -> Self:
        """:param questions: of needs told earlier; those without a word are passed over"""
        first = background.blocks[0]
        means = np.zeros((UNKNOWN + 1, first.end - first.start), np.float32)
        counts = np.zeros(UNKNOWN + 1)
        for question in questions:
            if not says_nothing(question.need):
                language = language_number(question.languages)
                theme = background.centred_needs(question.vectors[:1], np.array([language]))
                means[language] += unit(theme[:, first.start : first.end])[0]
                counts[language] += 1
        return cls((means / np.maximum(counts, 1)[:, None]).astype(np.float32), believed(counts))


def believed(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of what so many texts have in common that is taken away."""
    return np.asarray(_MOST * counts / (counts + _HALF_BELIEVED))


@dataclass(frozen=True, slots=True, eq=False)
class Manner:
    """What is taken away from a need and from passages before they are compared: of the need's
    language ``usual``, and of a need that is told at length the ``broad`` themes of passages.
    """

    language: int
    usual: UsualNeeds
    broad: BroadThemes

    def similarities(self, needs: Vectors, index: PassageIndex, rows: Rows) -> NDArray[np.float64]:
        """Of a theme with some rows. Only the first block is moved; the length it has in either
        is kept.

        :param needs: centred, the theme's first
        :param rows: ascending
        """
        first, share = index.background.blocks[0], self.usual.share[self.language]
        means, counts = index.usual_passages
        taken = means * (share * believed(counts) / _MOST)[:, None]
        general, rest = needs[:1, first.start : first.end], needs[:1].copy()
        rest[:, first.start : first.end] = 0
        moved = unit(unit(general) - share * self.usual.means[self.language])[0]
        themes, asked = self.broad.directions, self.broad.taken_from(moved)
        lines = [_widened(each, rest.shape[1]) for each in (asked[None], taken, themes)]
        found = index.similarities(np.vstack([rest, *lines]).astype(np.float32), rows)
        other, near, nearness, along = np.split(found, np.cumsum([1, 1, len(taken)]))
        spoken = index.language_of_row[rows]
        to_taken = nearness[spoken, np.arange(len(rows))]
        lengths = index.lengths(rows)
        squares = np.square(lengths) - 2 * to_taken + np.square(taken).sum(axis=1)[spoken]
        left = self.broad.squares_left(squares, along - (themes @ taken.T)[:, spoken])
        cosines = (near[0] - (taken @ asked)[spoken]) / np.sqrt(np.maximum(left, 1e-9))
        return np.asarray(other[0] + np.linalg.norm(general) * lengths * cosines)


def _widened(lines: NDArray[Any], width: int) -> NDArray[Any]:
    """The same with zeros in the other blocks."""
    return np.pad(lines, ((0, 0), (0, width - lines.shape[1])))
