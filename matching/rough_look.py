"""About how good everybody is, where looking at everybody in full would take too long."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from matching.background import Numbers
from matching.candidates import Straight
from matching.inquiry import Inquiry
from matching.lazy import lazy
from matching.points import Points, Told, Usual
from matching.scoring import Scores, across_factors, silent_requirements
from matching.threads import shared

if TYPE_CHECKING:
    from matching.loops import Model

_AT_ONCE = 16_384
"""Rows after which another thread may go on."""


class Stretch(NamedTuple):
    """Profiles of one part of the index that stand one after the other, and all their rows, by
    their numbers within the part.
    """

    part: int
    profiles: slice
    rows: slice


class RoughLook:
    """The points of all profiles, about right. Those that are gone have some as well."""

    def __init__(self, inquiry: Inquiry, typical: Scores) -> None:
        """:param typical: scores of the profiles by whom is told what is usual"""
        self._inquiry = inquiry
        self._typical = typical
        self._sketch = inquiry.sketch
        features = typical.features
        distances = self._sketch.distances(inquiry.index.signs(features.rows))
        self._straight = Straight(distances, features.deviations, features.language_of_row)

    def total(self) -> Numbers:
        self._model, self._usual  # noqa: B018 -- computed once, not by each thread
        return np.concatenate([np.zeros(0, np.float32), *shared(self._points, self._stretches())])

    def _stretches(self) -> Iterator[Stretch]:
        for number, edges in enumerate(self._inquiry.index.edges_of_parts):
            last = len(edges) - 1
            inner = np.arange(_AT_ONCE, edges[-1], _AT_ONCE)
            cuts = np.unique([0, *np.searchsorted(edges, inner), last])
            for start, end in pairwise(cuts):
                yield Stretch(number, slice(start, end), slice(edges[start], edges[end]))

    def _points(self, stretch: Stretch) -> Numbers:
        index, glance = self._inquiry.index, self._inquiry.glance
        first = index.stretches[stretch.part][0].start
        own = slice(first + stretch.profiles.start, first + stretch.profiles.stop)
        theme, *answers = self._look(stretch)
        told = Told(
            theme=theme,
            answers=answers,
            languages=index.language_of_profile[own],
            own_words=glance.own_words[own].astype(np.float32),
            name_words=glance.name_words[own].astype(np.float32),
            speaks=self._inquiry.speaks[own],
        )
        return Points(
            self._typical.need,
            told,
            self._usual,
            self._typical.weights,
            is_special=index.background.is_special(self._typical.features.language_asked_in),
        ).total

    @lazy
    def _usual(self) -> Usual:
        return self._typical.usual.in_short()

    @lazy
    def _model(self) -> "Model":
        """Distances told as deviations, and those weighed as ``Scores`` weighs them."""
        from matching.loops import Model

        weights, question = self._typical.weights, self._typical.features.question
        counts = [max(terms.count, 1) for terms in question.requirement_terms]
        words = weights.evidence_words * self._typical.features.prevalence
        most = np.array([words, weights.evidence_names], np.float32)
        factors = weights.evidence_dense * across_factors(question, weights)
        slopes, starts = self._straight.slopes.copy(), self._straight.starts.copy()
        slopes[1:] *= factors
        starts[1:] = starts[1:] * factors + weights.evidence_bias
        silent = silent_requirements(question)
        slopes[1:][silent], starts[1:][silent] = 0, -np.inf
        return Model(
            slopes.astype(np.float32),
            starts.astype(np.float32),
            per_word=(most[:, None] / np.array(counts, np.float32)).astype(np.float32),
            most=most,
            pool=np.array(weights.pool, np.float32),
        )

    def _look(self, stretch: Stretch) -> Numbers:
        from matching.loops import Part, look

        index, glance = self._inquiry.index, self._inquiry.glance
        segment = index.segments[stretch.part]
        first = index.stretches[stretch.part][1].start
        part = Part(
            codes=segment.signs.view(np.uint64),
            profile=segment.rows.profile,
            passage=segment.rows.passage,
            language=index.spoken_of_row[first : first + len(segment.vectors)],
            has_no_text=index.has_no_text[first : first + len(segment.vectors)],
            words=glance.words,
            first=int(first),
        )
        size = stretch.profiles.stop - stretch.profiles.start
        found = np.full((len(glance.words[0]) + 1, size), -np.inf, np.float32)
        where = (int(stretch.rows.start), int(stretch.rows.stop), int(stretch.profiles.start))
        look(part, self._sketch.lines, self._model, where, found)
        return found
