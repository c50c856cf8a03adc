"""What passages in other languages say of what a need asks for."""

from typing import NamedTuple

import numpy as np

from matching.background import UNKNOWN, Numbers
from matching.candidates import Limits, best
from matching.encoder import Vectors, unit
from matching.passage_index import PassageIndex
from matching.segment import Rows
from matching.vector_index import Codes, Sketch, unpacked

_EVEN, _STEP = 5.8, 0.25
"""Deviations at which it is as likely as not that a passage says the same as a need, and by how
many more the odds are e times as high. Fitted on sentences of news and on descriptions of software
in two languages each, with the translation there and without (docs/matching-quality.md)."""

_AHEAD = 2.25
"""So far ahead of the hundredth it has to be as well: where many are as near, it tells nothing."""

_MOST, _LEAST = 2 / 3, 0.1
"""What passages that surely say the same count at most beside the need's own words, and what those
of a language have to count to be asked at all."""

_NEAREST = 8
_LOOKED_AT = 100
"""Of those that are nearest at a first look so many are looked at closely."""


class Anchor(NamedTuple):
    """Passages of a language in place of a need: their weighed mean as one line, the number of the
    language, and what they count beside the need, 0..1.
    """

    vector: Vectors
    language: int
    share: float


def anchors_of(index: PassageIndex, theme: Vectors, language: int, limits: Limits) -> list[Anchor]:
    """The passages that likely say what a need says in other languages, one anchor a language.

    Each of the nearest is one answer to the question which of them says the same, and "none" is
    another; their odds grow with the deviations by which they stand out, of all and of the hundred
    nearest. Texts that are equally near, as those of twins, are one answer. Who may appear on a
    list has no say. Dense pseudo-relevance feedback (Li et al. 2022, doi 10.1145/3570724), with a
    way to say no.

    :param theme: centred, one line
    :param language: the number of the need's
    :returns: those that count enough to be asked
    """
    rows = _near_rows(index, theme, language, limits)
    near = _nearness(index, theme, language, rows)
    crowd = np.partition(near, -_LOOKED_AT)[-_LOOKED_AT] if len(near) >= _LOOKED_AT else -np.inf
    found, places = np.unique(near, return_index=True)
    nearest, rows = found[: -_NEAREST - 1 : -1], rows[places][: -_NEAREST - 1 : -1]
    odds = np.exp((nearest - max(_EVEN, crowd + _AHEAD)) / _STEP)
    shares = _MOST * odds / (1 + odds.sum())
    spoken = index.language_of_row[rows]
    told = [(int(other), np.flatnonzero(spoken == other)) for other in np.unique(spoken)]
    return [
        Anchor(_mean(index, rows[own], shares[own]), other, float(shares[own].sum()))
        for other, own in told
        if shares[own].sum() >= _LEAST
    ]


def _near_rows(index: PassageIndex, theme: Vectors, language: int, limits: Limits) -> Rows:
    """About the nearest in other languages, all that tie with the last of them, and all of few."""
    rows = index.remembered(("foreign to", language), lambda: _foreign(index, language))
    if len(rows) <= limits.in_full:
        return rows
    first = index.background.blocks[0]
    sketch = Sketch(unit(theme[:, first.start : first.end]), [first])
    pieces = sketch.lines.low.shape[1]
    codes = index.remembered(("codes foreign to", language), lambda: _codes(index, rows, pieces))
    far = sketch.distances(codes)[0]
    return rows[best(-far, np.ones(len(rows), np.bool_), _LOOKED_AT)]


def _codes(index: PassageIndex, rows: Rows, pieces: int) -> Codes:
    """The first pieces of their signs, apart from the rest, which need not stay for that."""
    return index.signs(rows)[:pieces].copy()


def _nearness(index: PassageIndex, theme: Vectors, language: int, rows: Rows) -> Numbers:
    """In deviations above unrelated texts."""
    near, spoken = index.similarities(theme, rows), index.language_of_row[rows]
    return np.asarray(index.background.deviations(near, language, spoken)[0])


def _foreign(index: PassageIndex, language: int) -> Rows:
    """Of profiles that are there, in one language that is not this one."""
    spoken = index.language_of_row
    is_there = index.alive[index.profile_of_row]
    return np.flatnonzero(is_there & (spoken != language) & (spoken != UNKNOWN))


def _mean(index: PassageIndex, rows: Rows, weights: Numbers) -> Vectors:
    """Of rows, one line; their order is the order of the sum."""
    ascending = np.argsort(rows)
    parts = [unpacked(segment.vectors[own]) for segment, own in index.apart(rows[ascending])]
    vectors = np.vstack(parts)[np.argsort(ascending)]
    return np.asarray((weights / weights.sum() @ vectors)[None], np.float32)
