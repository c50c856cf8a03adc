"""What was found out about profiles, made into points. A full and a rough look do it alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.background import Numbers
from matching.documents import Need
from matching.lazy import lazy
from matching.mixed_languages import evened, offsets
from matching.segment import Flags, Rows
from matching.weights import Weights


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What was found out about some profiles, one number each.

    ``theme`` is how far they stand out, in deviations; ``answers`` are log-odds that their best
    row answers a requirement, one line each. Both are -inf where there is no row. ``own_words``
    and ``name_words`` are shared with the theme; ``speaks`` says who speaks the need's language.
    """

    theme: Numbers
    answers: Sequence[Numbers]
    languages: Rows
    own_words: Numbers
    name_words: Numbers
    speaks: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """What is usual in a collection, to be taken away.

    ``theme`` and ``answers`` are by how much each language is ahead of all. ``words`` is what the
    median profile in the need's language shares with it, ``prevalence`` what words are worth;
    ``ahead`` is by how much the need is nearer to everybody than needs told earlier, in deviations.
    """

    theme: Numbers
    answers: Sequence[Numbers]
    words: float
    prevalence: float
    ahead: float

    @classmethod
    def of(cls, told: Told, *, words: float, prevalence: float, ahead: float) -> "Usual":
        answers = [offsets(line, told.languages) for line in told.answers]
        return cls(offsets(told.theme, told.languages), answers, words, prevalence, ahead)

    def in_short(self) -> "Usual":
        """In half the digits, to be taken away from numbers that have no more of them."""
        theme, *answers = (line.astype(np.float32) for line in (self.theme, *self.answers))
        return Usual(theme, answers, self.words, self.prevalence, self.ahead)


class Points:
    """The points of some profiles, one number each wherever nothing else is said."""

    def __init__(
        self, need: Need, told: Told, usual: Usual, weights: Weights, *, is_special: bool
    ) -> None:
        """:param is_special: whether an encoder for the need's language alone has a say"""
        self.need = need
        self.told = told
        self.usual = usual
        self.weights = weights
        self._is_special = is_special

    @lazy
    def total(self) -> Numbers:
        """0..100."""
        return np.asarray(sum(self.parts.values()))

    @lazy
    def parts(self) -> dict[str, Numbers]:
        """The shares that add up to the total."""
        for_requirements = self.weights.requirements if self.need.requirements else 0.0
        theme, shared = self._theme_and_words
        return {
            "requirements": 100 * for_requirements * self._requirements,
            "theme": 100 * (1 - for_requirements) * theme,
            "words": 100 * (1 - for_requirements) * shared,
        }

    @property
    def sureness(self) -> Numbers:
        """How likely each is about the theme, 0..1."""
        theme, shared = self._theme_and_words
        return np.asarray(theme + shared)

    def gains_if_met(self, profile: int) -> Numbers:
        """By how much the profile's total would rise with each requirement, if a passage answered
        it just well enough to meet it and all else stayed as it is.
        """
        gains = []
        for best, fair in zip(self.told.answers, self._fair_answers, strict=True):
            shift = fair[profile] - best[profile] if np.isfinite(best[profile]) else 0.0
            met = np.log(self.weights.met / (1 - self.weights.met)) + shift
            gains.append(max(0.0, logistic(met) - logistic(fair[profile])))
        return 100 * self.weights.requirements * np.array(gains) * self._shares_of_requirements

    @lazy
    def _requirements(self) -> Numbers:
        """Weighted mean over requirements of each profile's best row, fair between languages."""
        total = np.zeros(len(self.told.theme), np.float32)
        shares = self._shares_of_requirements.tolist()
        for line, share in zip(self._fair_answers, shares, strict=True):
            total = total + share * logistic(line)
        return total

    @property
    def _shares_of_requirements(self) -> Numbers:
        """What each requirement counts; all together 1."""
        asked = self.need.requirements
        weights = [self.weights.must if each.must else self.weights.nice for each in asked]
        return np.array(weights) / max(sum(weights), 1e-9)

    @lazy
    def _fair_answers(self) -> list[Numbers]:
        pairs = zip(self.told.answers, self.usual.answers, strict=True)
        return [evened(line, self.told.languages, offset) for line, offset in pairs]

    @lazy
    def _theme_and_words(self) -> tuple[Numbers, Numbers]:
        """One calibrated probability, split by what speaks for it."""
        told, weights = self.told, self.weights
        near = evened(told.theme, told.languages, self.usual.theme)
        meaning = weights.theme_dense * (near + weights.theme_ahead * self.usual.ahead)
        word_weight = weights.theme_words_special if self._is_special else weights.theme_words
        shared = word_weight * self.usual.prevalence * self._more_than_usual
        shared = shared + weights.theme_names * told.name_words
        sure = logistic(meaning + shared + weights.theme_bias)
        for_meaning, for_words = np.maximum(meaning, 0), np.maximum(shared, 0)
        word_share = for_words / np.maximum(for_meaning + for_words, 1e-9)
        return sure * (1 - word_share), sure * word_share

    @property
    def _more_than_usual(self) -> Numbers:
        """Shared words beyond what any profile in the need's language shares with it, so that a
        need finds the same profiles whichever language it is written in. Where all speak it,
        nothing is taken away: there it would only tell the needs of one profile apart by others.
        """
        shares = self.told.own_words
        usual = (1 - self.usual.prevalence) * self.usual.words
        return np.where(self.told.speaks, shares - usual, shares)


def logistic(values: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(1 / (1 + np.exp(-values)))
