"""A need asked of an index: what is measured between them, before anything is weighed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matching.background import Numbers, language_number
from matching.candidates import Limits, Straight, typical
from matching.encoder import Vectors
from matching.lazy import lazy
from matching.mixed_languages import prevalence
from matching.passage_index import PassageIndex
from matching.postings import ids_of
from matching.question import Question
from matching.segment import Flags, Rows
from matching.usual_needs import UsualNeeds, without_usual
from matching.vector_index import Sketch

_MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Glance:
    """The words that every row and profile shares with a need.

    ``own`` and ``names`` count words of each requirement in each row; ``own_words`` and
    ``name_words`` are what each profile shares with the theme.
    """

    own: NDArray[np.uint8]
    names: NDArray[np.uint8]
    own_words: Numbers
    name_words: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Everything measured between a need and some profiles.

    Profiles and their rows are numbered from 0 here, in the order of the index. Arrays of rows
    have one line a requirement; ``deviations`` have the theme's line before them. Only
    ``own_words`` tells something relative to other profiles: how rare the shared words are.
    """

    index: PassageIndex
    question: Question
    profiles: Rows
    rows: Rows
    profile_of_row: Rows
    passage_of_row: Rows
    language_of_row: Rows
    language_of_profile: Rows
    has_no_text: Flags
    deviations: Numbers
    own: Numbers
    names: Numbers
    own_words: Numbers
    name_words: Numbers
    speaks: Flags
    usual_words: float
    prevalence: float

    def rows_of_profile(self, place: int) -> range:
        start, end = np.searchsorted(self.profile_of_row, [place, place + 1])
        return range(int(start), int(end))


class Inquiry:
    """Measures one need against one index, no more than is asked for."""

    def __init__(
        self,
        index: PassageIndex,
        question: Question,
        limits: Limits,
        usual: UsualNeeds | None = None,
    ) -> None:
        self.index = index
        self.question = question
        self.limits = limits
        self.usual = usual
        self._language = language_number(question.languages)

    def is_small(self, allowed: Flags) -> bool:
        """Whether so few are allowed that all of them are compared in full."""
        rows = np.count_nonzero(allowed[self.index.profile_of_row])
        return bool(rows <= self.limits.in_full)

    @lazy
    def typical(self) -> Features:
        """Of the profiles by whom is told what is usual."""
        return self._measured(typical(self.index, self.limits))

    def features(self, profiles: Rows) -> Features:
        """:param profiles: numbers in the index, ascending"""
        known = self.typical
        return known if np.array_equal(known.profiles, profiles) else self._measured(profiles)

    def rough(self) -> list[Callable[[], Features]]:
        """One function a part of the index; together they measure all its profiles in their order,
        those that are gone as well. Deviations are about right.
        """
        index, known = self.index, self.typical
        sketch = Sketch(self._needs, index.background.blocks)
        distances = sketch.distances(index.signs(known.rows))
        straight = Straight(distances, known.deviations, known.language_of_row)
        return [
            partial(self._rough, sketch, straight, number) for number in range(len(index.parts))
        ]

    def _rough(self, sketch: Sketch, straight: Straight, part: int) -> Features:
        index = self.index
        profiles, rows = index.stretches[part]
        distances = sketch.distances(index.segments[part].signs)
        deviations = straight.deviations(distances, index.language_of_row[rows])
        owners = index.profile_of_row[rows] - profiles.start
        return self._features(profiles, rows, owners, deviations)

    def _measured(self, profiles: Rows) -> Features:
        index = self.index
        place = np.full(len(index.alive), -1)
        place[profiles] = np.arange(len(profiles))
        owners = place[index.profile_of_row]
        rows = np.flatnonzero(owners >= 0)
        languages = index.language_of_row[rows]
        similarities = self._similarities(rows)
        deviations = index.background.deviations(similarities, self._language, languages)
        return self._features(profiles, rows, owners[rows], deviations)

    def _features(
        self, profiles: Rows | slice, rows: Rows | slice, owners: Rows, deviations: Numbers
    ) -> Features:
        index, glance = self.index, self._glance
        return Features(
            index=index,
            question=self.question,
            profiles=np.arange(len(index.alive))[profiles],
            rows=np.arange(len(index.profile_of_row))[rows],
            profile_of_row=owners,
            passage_of_row=index.passage_of_row[rows],
            language_of_row=index.language_of_row[rows],
            language_of_profile=index.language_of_profile[profiles],
            has_no_text=index.has_no_text[rows],
            deviations=deviations,
            own=self._shares(glance.own[:, rows]),
            names=self._shares(glance.names[:, rows]),
            own_words=glance.own_words[profiles],
            name_words=glance.name_words[profiles],
            speaks=self._speaks[profiles],
            usual_words=self._usual_words,
            prevalence=self._prevalence,
        )

    def _similarities(self, rows: Rows) -> Numbers:
        found = self.index.similarities(self._needs, rows)
        if self.usual is not None and self.usual.share[self._language]:
            found[0] = without_usual(self._needs, self._language, self.usual, self.index, rows)
        return found

    @lazy
    def _needs(self) -> Vectors:
        vectors = self.question.vectors
        languages = np.full(len(vectors), self._language)
        return self.index.background.centred_needs(vectors, languages)

    @lazy
    def _glance(self) -> Glance:
        terms, index = self.question.theme_terms, self.index
        asked = self.question.requirement_terms
        nothing = np.zeros((0, len(index.profile_of_row)), np.uint8)
        return Glance(
            own=np.vstack([nothing, *(self._shared(each.own) for each in asked)]),
            names=np.vstack([nothing, *(self._shared(each.names) for each in asked)]),
            own_words=index.words.shares(terms.own, words=terms.count),
            name_words=index.words.shares(terms.names, words=terms.count),
        )

    def _shared(self, terms: tuple[str, ...]) -> NDArray[np.uint8]:
        counts = self.index.shared(ids_of(set(terms)))
        return np.minimum(counts, _MOST_COUNTED).astype(np.uint8)

    def _shares(self, counts: Numbers) -> Numbers:
        """Of the words of each requirement."""
        asked = [max(terms.count, 1) for terms in self.question.requirement_terms]
        shares = counts / np.array(asked, np.float32).reshape(-1, 1)
        return np.minimum(shares, 1, out=shares)

    @lazy
    def _prevalence(self) -> float:
        return prevalence(self._speaks[self.index.alive])

    @lazy
    def _speaks(self) -> Flags:
        return self.index.speaks(self.question.languages)

    @lazy
    def _usual_words(self) -> float:
        """What the median profile in the need's language shares with it, in words."""
        speaking = self._glance.own_words[self._speaks & self.index.alive]
        return float(np.median(np.append(speaking, 0)))
