"""What was measured between a need and profiles, made into calibrated scores."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.background import UNKNOWN, Numbers, language_number
from matching.inquiry import Features
from matching.lazy import lazy
from matching.mixed_languages import evened, offsets
from matching.remains import Remains
from matching.segment import Flags, Rows
from matching.text import first, says_something
from matching.weights import Weights


class Scores:
    """All scores of one need over some profiles.

    :param left_out: rows that bring no points
    :param quotable: those of them that are evidence nevertheless; none if None
    :param typical: scores of the profiles by whom is told what is usual; these here if None
    """

    def __init__(
        self,
        features: Features,
        weights: Weights,
        left_out: Flags,
        typical: "Scores | None" = None,
        quotable: Flags | None = None,
    ) -> None:
        self.features = features
        self.need = features.question.need
        self.weights = weights
        self.left_out = left_out
        self._typical = typical or self
        self._remains = Remains(features)
        self._proves_nothing = left_out if quotable is None else left_out & ~quotable

    def without(self, left_out: Flags, quotable: Flags) -> "Scores":
        """The same with other rows left out. What was found out about profiles is kept."""
        other = Scores(self.features, self.weights, left_out, self._typical, quotable)
        other._remains = self._remains
        return other

    @lazy
    def total(self) -> Numbers:
        """0..100, one number a profile."""
        return np.asarray(sum(self.parts.values()))

    @lazy
    def order(self) -> Rows:
        """Places of the profiles, best first, ties in key order."""
        order = np.argsort(-self.total, kind="stable")
        starts = np.flatnonzero(np.diff(self.total[order], prepend=np.inf))
        ends = np.append(starts[1:], len(order))
        for tied in np.flatnonzero(ends - starts > 1):
            same = slice(starts[tied], ends[tied])
            order[same] = sorted(order[same], key=self._key)
        return order

    def _key(self, place: int) -> str:
        return self.features.index.key(int(self.features.profiles[place]))

    @lazy
    def parts(self) -> dict[str, Numbers]:
        """The shares that add up to the total, one number a profile each."""
        for_requirements = self.weights.requirements if self.need.requirements else 0.0
        theme, shared = self._theme_and_words
        return {
            "requirements": 100 * for_requirements * self._requirements,
            "theme": 100 * (1 - for_requirements) * theme,
            "words": 100 * (1 - for_requirements) * shared,
        }

    @lazy
    def strengths(self) -> Numbers:
        """How surely each row answers each requirement, 0..1: (requirements, rows). Depends on the
        need and the row alone.
        """
        answers = self._answers(self.weights.evidence_words)
        return logistic(np.where(self._proves_nothing, -np.inf, answers))

    def gains_if_met(self, profile: int) -> Numbers:
        """How much the profile's total would rise with each requirement, if a passage answered
        it just well enough to meet it and all else stayed as it is.
        """
        gains = []
        for best, fair in self._best_and_fair:
            shift = fair[profile] - best[profile] if np.isfinite(best[profile]) else 0.0
            met = np.log(self.weights.met / (1 - self.weights.met)) + shift
            gains.append(max(0.0, logistic(met) - logistic(fair[profile])))
        return 100 * self.weights.requirements * np.array(gains) * self._shares_of_requirements

    @lazy
    def _requirements(self) -> Numbers:
        """Weighted mean over requirements of each profile's best row, fair between languages."""
        if not self.need.requirements:
            return np.zeros(len(self.features.profiles), np.float32)
        fair = [logistic(fair) for _, fair in self._best_and_fair]
        return np.asarray(np.average(fair, axis=0, weights=self._shares_of_requirements))

    @property
    def _shares_of_requirements(self) -> Numbers:
        """What each requirement counts; all together 1."""
        asked = self.need.requirements
        weights = [self.weights.must if each.must else self.weights.nice for each in asked]
        return np.array(weights) / max(sum(weights), 1e-9)

    @lazy
    def _best_and_fair(self) -> list[tuple[Numbers, Numbers]]:
        """Per requirement: log-odds of each profile's best row, as they are and evened."""
        languages = self._language_of_profile
        pairs = zip(self._best, self._typical.answer_offsets, strict=True)
        return [(line, evened(line, languages, offset)) for line, offset in pairs]

    @lazy
    def answer_offsets(self) -> list[Numbers]:
        """Per requirement: by how much each language is ahead of all."""
        return [offsets(line, self._language_of_profile) for line in self._best]

    @lazy
    def theme_offset(self) -> Numbers:
        """By how much each language is ahead of all."""
        return offsets(self._theme, self._language_of_profile)

    @lazy
    def _best(self) -> list[Numbers]:
        answers = self._answers(self.weights.evidence_words * self.features.prevalence)
        answers[:, self.left_out] = -np.inf
        first = _firsts(self.features.profile_of_row)
        return [self._best_of(line, self.features.profile_of_row, first) for line in answers]

    def _answers(self, word_weight: float) -> Numbers:
        """Log-odds that each row answers each requirement: (requirements, rows)."""
        features, weights = self.features, self.weights
        shared = word_weight * features.own + weights.evidence_names * features.names
        answers = weights.evidence_dense * self._deviations[1:] + shared + weights.evidence_bias
        language = first(features.question.languages)
        asked = [says_something(each.text, language) for each in self.need.requirements]
        is_silent = ~np.array(asked, np.bool_).reshape(-1, 1)
        return np.where(is_silent | features.has_no_text, -np.inf, answers)

    @lazy
    def _theme(self) -> Numbers:
        return np.where(self._has_rows, self._pooled(self._deviations[0]), -np.inf)

    @lazy
    def _theme_and_words(self) -> tuple[Numbers, Numbers]:
        """One calibrated probability a profile, split by what speaks for it."""
        features, weights = self.features, self.weights
        fair = evened(self._theme, self._language_of_profile, self._typical.theme_offset)
        meaning = weights.theme_dense * fair
        own_words, names = self._word_shares
        is_special = features.index.background.is_special(self._asked_in)
        word_weight = weights.theme_words_special if is_special else weights.theme_words
        shared = word_weight * features.prevalence * self._more_than_usual(own_words)
        shared += weights.theme_names * names
        sure = logistic(meaning + shared + weights.theme_bias)
        for_meaning = np.maximum(meaning, 0)
        for_words = np.maximum(shared, 0)
        word_share = for_words / np.maximum(for_meaning + for_words, 1e-9)
        return sure * (1 - word_share), sure * word_share

    @property
    def _word_shares(self) -> tuple[Numbers, Numbers]:
        """Own words and names of the theme that each profile has in rows that count."""
        features = self.features
        own_words, names = features.own_words.copy(), features.name_words.copy()
        for place in np.unique(features.profile_of_row[self.left_out]):
            rows = features.rows_of_profile(int(place))
            kept = tuple(row for row in rows if not self.left_out[row])
            own_words[place], names[place] = self._remains.word_shares(int(place), kept)
        return own_words, names

    def _more_than_usual(self, shares: Numbers) -> Numbers:
        """Shared words beyond what any profile in the need's language shares with it, so that a
        need finds the same profiles whichever language it is written in.
        """
        return np.where(self.features.speaks, shares - self.features.usual_words, shares)

    @lazy
    def _deviations(self) -> Numbers:
        """Passages that answer a requirement stand out less across languages, still less if the
        need's is none of ours; they shall count the same.
        """
        deviations = self.features.deviations.copy()
        across = self.features.language_of_row != self._asked_in
        is_foreign = not self.features.question.languages
        factor = self.weights.foreign if is_foreign else self.weights.across
        deviations[1:] *= np.where(across, factor, 1.0).astype(deviations.dtype)
        return deviations

    @property
    def _asked_in(self) -> int:
        return language_number(self.features.question.languages)

    def _pooled(self, line: Numbers) -> Numbers:
        """Weighted mean of each profile's best passages, each told by its best row; a profile with
        fewer passages has fewer terms.
        """
        starts, owners = self._passages
        line = np.where(self.left_out, -np.inf, line)
        left = np.maximum.reduceat(line, starts) if len(starts) else line
        first = _firsts(owners)
        total, weights = np.zeros((2, len(self.features.profiles)))
        for weight in self.weights.pool:
            best = self._best_of(left, owners, first)
            there = np.isfinite(best)
            total[there] += weight * best[there]
            weights[there] += weight
            left[_first_with(best, left, owners)] = -np.inf
        return np.asarray(total / np.maximum(weights, 1e-9))

    @lazy
    def _passages(self) -> tuple[Rows, Rows]:
        """The first row of each passage, and the place of its profile."""
        features = self.features
        owners, passages = features.profile_of_row, features.passage_of_row
        starts = np.flatnonzero(np.diff(owners, prepend=-1) | np.diff(passages, prepend=-1))
        return starts, owners[starts]

    def _best_of(self, values: Numbers, owners: Rows, first: Rows) -> Numbers:
        """:param owners: place of the profile of each value, ascending
        :param first: where the values of each profile begin
        """
        best = np.full(len(self.features.profiles), -np.inf)
        if len(first):
            best[owners[first]] = np.maximum.reduceat(values, first)
        return best

    @lazy
    def _language_of_profile(self) -> Rows:
        """What is left out shall not make a profile one of another language."""
        features = self.features
        languages = features.language_of_profile.copy()
        for place in np.unique(features.profile_of_row[self.left_out]):
            kept = [row for row in features.rows_of_profile(int(place)) if not self.left_out[row]]
            spoken = np.bincount(features.language_of_row[kept])
            languages[place] = spoken.argmax() if kept else UNKNOWN
        return languages

    @lazy
    def _has_rows(self) -> Flags:
        has_rows = np.zeros(len(self.features.profiles), np.bool_)
        has_rows[self.features.profile_of_row[~self.left_out]] = True
        return has_rows


def _firsts(owners: Rows) -> Rows:
    """Where each owner stands first. Owners are ascending."""
    return np.flatnonzero(np.diff(owners, prepend=-1))


def _first_with(best: Numbers, values: Numbers, owners: Rows) -> Rows:
    """Where the best value of each profile stands first."""
    places = np.flatnonzero(values == best[owners])
    return places[np.diff(owners[places], prepend=-1) > 0]


def logistic(values: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(1 / (1 + np.exp(-values)))
