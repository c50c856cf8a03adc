"""What the needs of a region have in common, and the passages they are asked of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matching.background import UNKNOWN, Background, language_number
from matching.broad_themes import BroadThemes
from matching.candidates import Limits
from matching.encoder import Vectors, unit
from matching.encoder_pair import Block
from matching.passage_index import PassageIndex
from matching.question import Question, says_nothing
from matching.recipe import need_theme
from matching.segment import Rows

_HALF_BELIEVED = 50
"""Needs or passages of a language at which half of what they have in common is believed."""

_MOST = 0.75
"""Share of it that is taken away at most: something of it may be what they are about."""

_DRAWN = 32
"""Needs of a language by which is told how near needs are; their mean errs by a sixth of what
they differ by."""


@dataclass(frozen=True, slots=True, eq=False)
class UsualNeeds:
    """The mean direction of needs, by language number, in the first block of their vectors.

    Needs of a region are told in a manner of their own (all as titles, all as reports), and so
    are its passages. Both lie off the unrelated statements that ``Background`` takes away, each
    in its own direction; some passages are near to all needs for that alone. What is usual is
    taken away on both sides by the same share, which grows with the number of needs known: on one
    side alone it does harm.

    ``share`` is that share, 0 for a language without needs. ``drawn`` are the centred themes of
    some of them. ``count`` tells how many needs say something, ``checksum`` which ones: the same
    for the same needs, in whatever order they came.
    """

    means: Vectors
    share: NDArray[np.float64]
    drawn: Sequence[Vectors]
    count: int
    checksum: str

    @classmethod
    def of(cls, questions: Iterable[Question], background: Background) -> Self:
        """:param questions: of needs told earlier; those without a word are passed over"""
        first = background.blocks[0]
        means = np.zeros((UNKNOWN + 1, first.end - first.start), np.float32)
        themes: list[list[Vectors]] = [[] for _ in means]
        digest = sha256()
        for (language, text), question in _in_order(questions):
            theme = background.centred_needs(question.vectors[:1], np.array([language]))
            means[language] += unit(theme[:, first.start : first.end])[0]
            themes[language].append(theme[0])
            digest.update(f"{language} {text}\0".encode())
        counts = np.array([len(own) for own in themes], np.float64)
        return cls(
            (means / np.maximum(counts, 1)[:, None]).astype(np.float32),
            believed(counts),
            [_drawn(own) for own in themes],
            int(counts.sum()),
            digest.hexdigest()[:16],
        )

    def belief(self, language: int) -> float:
        """How far what needs of a language have in common is believed, 0..1."""
        return float(self.share[language] / _MOST)


def _in_order(questions: Iterable[Question]) -> list[tuple[tuple[int, str], Question]]:
    """Those that say something, each with what is read of it: its language's number, its theme.

    A sum depends on the order of what is added, so the order follows from the texts alone.
    """
    telling = (question for question in questions if not says_nothing(question.need))
    found = [
        ((language_number(question.languages), need_theme(question.need)), question)
        for question in telling
    ]
    return sorted(found, key=lambda pair: pair[0])


def _drawn(themes: Sequence[Vectors]) -> Vectors:
    """At most so many, evenly from all."""
    places = np.linspace(0, len(themes) - 1, min(len(themes), _DRAWN)).round().astype(int)
    return np.array([themes[place] for place in places])


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
    limits: Limits

    def parts(self, needs: Vectors, first: Block) -> Vectors:
        """A theme in two lines: the first block with what is usual taken away, as long as it was,
        and the others as they are.

        :param needs: centred, the theme's first
        """
        theme = needs[:1, first.start : first.end]
        moved = unit(
            unit(theme) - self.usual.share[self.language] * self.usual.means[self.language]
        )
        asked, others = np.zeros_like(needs[:1]), needs[:1].copy()
        asked[:, first.start : first.end] = np.linalg.norm(theme) * self.broad.taken_from(moved[0])
        others[:, first.start : first.end] = 0
        return np.vstack([asked, others])

    def similarities(
        self, parts: Vectors, near: NDArray[np.float64], index: PassageIndex, rows: Rows
    ) -> NDArray[np.float64]:
        """Of a theme with some rows. Only the first block is moved; the length it has in either
        is kept.

        :param near: of both parts with the rows
        :param rows: ascending
        """
        first = index.background.blocks[0]
        at_length = bool(len(self.broad.directions))
        taken, factors = index.remembered(
            ("moved", self.language, at_length, self.limits),
            lambda: self._moved(index),
            told=self.usual,
        )
        to_taken = taken @ parts[0, first.start : first.end]
        own = near[0] - to_taken[index.language_of_row[rows]]
        return np.asarray(near[1] + factors[rows] * own)

    def _moved(self, index: PassageIndex) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What is taken away from passages, by language number, and how much longer every row's
        first block would have to be to have its length again. The same for every need.
        """
        means, counts = index.usual_passages
        shares = self.usual.share[self.language] * believed(counts) / _MOST
        taken, themes = means * shares[:, None], self.broad.directions
        spoken = index.language_of_row
        lengths, to_means = _usual_of_rows(index)
        squares = np.square(lengths) - 2 * shares[spoken] * to_means
        squares += np.square(taken).sum(axis=1)[spoken]
        along = self._along(index) - (themes @ taken.T)[:, spoken]
        left = np.sqrt(np.maximum(self.broad.squares_left(squares, along), 1e-9))
        return taken, lengths / left

    def _along(self, index: PassageIndex) -> NDArray[np.float64]:
        """Every row's products with each broad theme."""
        themes = self.broad.directions
        if not len(themes):
            return np.zeros((0, len(index.profile_of_row)))
        return index.remembered(
            ("along broad themes", self.language, self.limits), lambda: _along(index, themes)
        )


def _usual_of_rows(index: PassageIndex) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How long the first block of every row is, and its product with the mean of its language; for
    every need alike, so computed once.
    """
    return index.remembered("usual of rows", lambda: _measured(index))


def _measured(index: PassageIndex) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows = np.arange(len(index.language_of_row))
    to_means = _along(index, index.usual_passages[0])[index.language_of_row, rows]
    return index.lengths(rows), to_means


def _along(index: PassageIndex, lines: NDArray[np.float64]) -> NDArray[np.float64]:
    """Products of lines of the first block with every row."""
    first = index.background.blocks[0]
    wide = np.zeros((len(lines), index.background.needs.shape[1]), np.float32)
    wide[:, first.start : first.end] = lines
    return index.similarities(wide, np.arange(len(index.language_of_row)))
