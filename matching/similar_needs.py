"""Needs that ask for the same: duplicates, and candidates for a joint challenge."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matching.background import UNKNOWN, Background, Numbers, language_number
from matching.documents import Need
from matching.encoder import unit
from matching.engine import MatchingEngine
from matching.question import Question, says_nothing

_USUAL = 4.5
"""Deviations by which two challenges are near merely because both are challenges."""

_HALF_BELIEVED = 5
"""Needs of a language at which half of what is usual among them is believed."""


class Likeness(StrEnum):
    """Duplicates are one call told twice; related needs may make a joint challenge."""

    DUPLICATE = "duplicate"
    RELATED = "related"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least closeness of duplicates and of related needs, and the least deviations of shared
    requirements. ``python -m scripts.measure_similar_needs`` prints the figures they were set on.
    """

    duplicate: float
    related: float
    requirement: float


WITHIN = Thresholds(duplicate=4.0, related=1.6, requirement=5.0)
"""For two needs in the same language."""

ACROSS = Thresholds(duplicate=2.0, related=1.2, requirement=4.5)
"""For two languages, between which meanings stand out less."""


@dataclass(frozen=True, slots=True)
class SharedRequirement:
    """Keys of two requirements that ask for the same, and by how many deviations of unrelated
    texts they are nearer than those.
    """

    own: str
    other: str
    deviations: float


@dataclass(frozen=True, slots=True)
class SimilarNeed:
    """Another need, seen from one. ``closeness`` is told in deviations of unrelated texts above
    what is usual for the two; seen from the other it is the same.
    """

    need: str
    likeness: Likeness
    closeness: float
    requirements: tuple[SharedRequirement, ...]


class SimilarNeeds:
    """Needs compared with each other, across languages.

    What two needs are about is compared in deviations, as ``Background`` tells them. From these
    is taken what is usual for the two, the mean of two medians: over all others in the other's
    language, of the deviations from either. For needs resemble each other by being needs, and some
    are near to everything. (Conneau et al. 2018 correct hubs in this way, with the nearest in
    place of the median.) Only the encoder for every language is heard, so that closeness means
    the same for every pair of languages.
    """

    def __init__(self, engine: MatchingEngine, needs: Iterable[Need | Question]) -> None:
        """Needs without a word in them resemble none.

        :param needs: with unique keys; those that the engine has prepared are not encoded again
        :raises ValueError: if two needs have the same key
        """
        asked = sorted(map(engine.prepare, needs), key=lambda question: question.need.key)
        if len({question.need.key for question in asked}) < len(asked):
            raise ValueError("Two needs have the same key.")
        self._questions = [question for question in asked if not says_nothing(question.need)]
        self._silent = {question.need.key for question in asked if says_nothing(question.need)}
        self._number_by_key = {each.need.key: n for n, each in enumerate(self._questions)}
        self._themes = _Texts.of(self._questions, slice(0, 1), engine.general_background)
        self._required = [
            _Texts.of([each], slice(1, None), engine.general_background) for each in self._questions
        ]
        usual = [self._usual_for(number) for number in range(len(self._questions))]
        self._usual = np.array(usual).reshape(len(usual), UNKNOWN + 1)

    def of(self, key: str, *, most: int = 10) -> list[SimilarNeed]:
        """The needs nearest to one, nearest first, ties in key order.

        :raises KeyError: if there is no need of that key
        """
        if key in self._silent:
            return []
        number = self._number_by_key[key]
        closeness = self._closeness(number)
        order = np.argsort(-closeness, kind="stable")
        others = [int(other) for other in order if other != number]
        return [self._similar(number, other, closeness[other]) for other in others[:most]]

    def pairs(self) -> list[tuple[str, SimilarNeed]]:
        """All duplicates and related needs, closest first: a key and what resembles it, each pair
        once.
        """
        found = [
            (question.need.key, self._similar(one, other, closeness))
            for one, question in enumerate(self._questions)
            for other, closeness in enumerate(self._closeness(one))
            if one < other and self._likeness(one, other, closeness) is not Likeness.DIFFERENT
        ]
        return sorted(found, key=lambda pair: (-pair[1].closeness, pair[0], pair[1].need))

    def _similar(self, one: int, other: int, closeness: float) -> SimilarNeed:
        return SimilarNeed(
            need=self._questions[other].need.key,
            likeness=self._likeness(one, other, closeness),
            closeness=float(closeness),
            requirements=self._shared_requirements(one, other),
        )

    def _likeness(self, one: int, other: int, closeness: float) -> Likeness:
        thresholds = self._thresholds(one, other)
        if closeness >= thresholds.duplicate:
            return Likeness.DUPLICATE
        return Likeness.RELATED if closeness >= thresholds.related else Likeness.DIFFERENT

    def _thresholds(self, one: int, other: int) -> Thresholds:
        languages = self._themes.languages
        return WITHIN if languages[one] == languages[other] != UNKNOWN else ACROSS

    def _closeness(self, number: int) -> Numbers:
        """To all needs: (needs,)."""
        languages = self._themes.languages
        usual = self._usual[number, languages] + self._usual[:, languages[number]]
        return np.asarray(self._deviations(number) - usual / 2)

    def _deviations(self, number: int) -> Numbers:
        [deviations] = self._themes.only(number).deviations(self._themes)
        return np.asarray(deviations)

    def _usual_for(self, number: int) -> Numbers:
        """The deviations of others from a need, by their language: (languages,)."""
        deviations, languages = self._deviations(number), self._themes.languages
        usual = np.full(UNKNOWN + 1, _USUAL)
        is_other = np.arange(len(languages)) != number
        for language in np.unique(languages[is_other]):
            others = deviations[is_other & (languages == language)]
            belief = len(others) / (len(others) + _HALF_BELIEVED)
            usual[language] += belief * (np.median(others) - _USUAL)
        return usual

    def _shared_requirements(self, one: int, other: int) -> tuple[SharedRequirement, ...]:
        """One to one, so that the sum of deviations is largest; only those near enough. They are
        paired in one direction alone, so that equals are paired alike from both sides.
        """
        from scipy.optimize import linear_sum_assignment

        first, second = sorted([one, other])
        deviations = self._required[first].deviations(self._required[second])
        pairs = np.transpose(linear_sum_assignment(-deviations))
        if first == other:
            deviations, pairs = deviations.T, pairs[:, ::-1]
        own, others = (self._questions[number].need.requirements for number in (one, other))
        least = self._thresholds(one, other).requirement
        return tuple(
            SharedRequirement(own[a].key, others[b].key, float(deviations[a, b]))
            for a, b in sorted(pairs.tolist())
            if deviations[a, b] >= least
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Texts:
    """Centred vectors, (n, d), and the language number of each, (n,)."""

    vectors: Numbers
    languages: Numbers
    background: Background

    @classmethod
    def of(cls, questions: Iterable[Question], lines: slice, background: Background) -> "_Texts":
        """:param lines: which of each question's vectors; of these, the stretch that the
        background is about, which comes first
        """
        asked = [(each.vectors[lines], language_number(each.languages)) for each in questions]
        width = background.needs.shape[1]
        vectors = np.concatenate([np.zeros((0, width)), *(found[:, :width] for found, _ in asked)])
        languages = np.repeat([n for _, n in asked], [len(found) for found, _ in asked])
        numbers = languages.astype(np.int64)
        return cls(background.centred_needs(unit(vectors), numbers), numbers, background)

    def only(self, number: int) -> "_Texts":
        chosen = slice(number, number + 1)
        return _Texts(self.vectors[chosen], self.languages[chosen], self.background)

    def deviations(self, others: "_Texts") -> Numbers:
        """How much nearer than unrelated texts, the same in both directions: (own, others)."""
        spread = (self.background.spread + self.background.spread.swapaxes(0, 1)) / 2
        mean, deviation = np.moveaxis(spread[np.ix_(self.languages, others.languages)], -1, 0)
        return np.asarray((self.vectors @ others.vectors.T - mean) / deviation)
