"""What was measured between a need and rows of profiles, told of each profile."""

import numpy as np

from matching.background import UNKNOWN, Numbers, language_number
from matching.inquiry import Features
from matching.lazy import lazy
from matching.points import Points, Told, Usual, logistic
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
    def points(self) -> Points:
        features = self.features
        is_special = features.index.background.is_special(self._asked_in)
        return Points(
            self.need, self._told, self._typical.usual, self.weights, is_special=is_special
        )

    @lazy
    def usual(self) -> Usual:
        """What is usual among these profiles."""
        words, prevalence = self.features.usual_words, self.features.prevalence
        return Usual.of(self._told, words=words, prevalence=prevalence)

    @lazy
    def _told(self) -> Told:
        own_words, names = self._word_shares
        return Told(
            theme=self._theme,
            answers=self._best,
            languages=self._language_of_profile,
            own_words=own_words,
            name_words=names,
            speaks=self.features.speaks,
        )

    @lazy
    def order(self) -> Rows:
        """Places of the profiles, best first, ties in key order."""
        total = self.points.total
        order = np.argsort(-total, kind="stable")
        starts = np.flatnonzero(np.diff(total[order], prepend=np.inf))
        ends = np.append(starts[1:], len(order))
        for tied in np.flatnonzero(ends - starts > 1):
            same = slice(starts[tied], ends[tied])
            order[same] = sorted(order[same], key=self._key)
        return order

    def _key(self, place: int) -> str:
        return self.features.index.key(int(self.features.profiles[place]))

    @lazy
    def strengths(self) -> Numbers:
        """How surely each row answers each requirement, 0..1: (requirements, rows). Depends on the
        need and the row alone.
        """
        answers = self._answers(self.weights.evidence_words)
        return logistic(np.where(self._proves_nothing, -np.inf, answers))

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
