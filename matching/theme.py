"""What a need is about, asked of passages as needs of one language are, or as those of several."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from matching.background import Numbers
from matching.encoder import Vectors, unit
from matching.lazy import lazy
from matching.nearness import ToldNearness, told_nearness
from matching.passage_index import PassageIndex
from matching.segment import Rows
from matching.usual_needs import Manner


@dataclass(frozen=True, eq=False)
class Theme:
    """A theme told in one language, as it is compared with rows: in one line or, with a manner of
    that language, in two.
    """

    index: PassageIndex
    lines: Vectors
    language: int
    manner: Manner | None

    @classmethod
    def of(cls, index: PassageIndex, vector: Vectors, language: int, manner: Manner | None) -> Self:
        """:param vector: centred, one line"""
        if manner is not None:
            vector = manner.parts(vector, index.background.blocks[0])
        return cls(index, vector, language, manner)

    @property
    def direction(self) -> Vectors:
        """About where it points, in one line."""
        return np.asarray(self.lines.sum(axis=0, keepdims=True))

    def deviations(self, near: Numbers, rows: Rows) -> Numbers:
        """How far rows stand out, one number each.

        :param near: similarities of each line with the rows
        :param rows: ascending
        """
        index = self.index
        if self.manner is not None:
            near = self.manner.similarities(self.lines, near, index, rows)[None]
        languages = index.language_of_row[rows]
        return np.asarray(index.background.deviations(near, self.language, languages)[0])

    @property
    def told(self) -> ToldNearness:
        """How near needs are that were told in its language."""
        if self.manner is None:
            return ToldNearness()
        return told_nearness(self.index, self.manner)


@dataclass(frozen=True, eq=False)
class AnchoredTheme:
    """A theme and what passages in other languages say in its place, each counted in the deviations
    of its own language: so points mean what they mean without an anchor.

    ``parts`` are what each counts, all together 1, and what it says; the need's own comes first.
    """

    parts: Sequence[tuple[float, Theme]]

    @lazy
    def lines(self) -> Vectors:
        return np.vstack([theme.lines for _, theme in self.parts])

    @property
    def direction(self) -> Vectors:
        return unit(np.sum([share * theme.direction for share, theme in self.parts], axis=0))

    @property
    def told(self) -> ToldNearness:
        return self.parts[0][1].told

    def deviations(self, near: Numbers, rows: Rows) -> Numbers:
        ends = np.cumsum([len(theme.lines) for _, theme in self.parts])
        parts = zip(self.parts, np.split(near, ends[:-1]), strict=True)
        return np.asarray(sum(share * theme.deviations(own, rows) for (share, theme), own in parts))
