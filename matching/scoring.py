"""What was measured between a need and rows of profiles, told of each profile."""

import numpy as np

from matching.background import UNKNOWN, Numbers, language_number
from matching.inquiry import Features
from matching.lazy import lazy
from matching.points import Points, Told, Usual, logistic
from matching.question import Question
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
        self._proves_nothing = left_out if quotable is None else left_out & ~quotable

    @lazy
    def points(self) -> Points:
        return self._pointed(self._told)

    def _pointed(self, told: Told) -> Points:
        features = self.features
        special = features.index.background.is_special(features.language_asked_in)
        return Points(self.need, told, self._typical.usual, self.weights, is_special=special)

    @lazy
    def usual(self) -> Usual:
        """What is usual among these profiles."""
        known = self.features
        return Usual.of(
            self._told, words=known.usual_words, prevalence=known.prevalence, ahead=known.ahead
        )

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
    def strengths(self) -> Numbers:
        """How surely each row answers each requirement, 0..1: (requirements, rows). Depends on the
        need and the row alone.
        """
        answers = self._answers(self.weights.evidence_words)
        return logistic(np.where(self._proves_nothing, -np.inf, answers))

    @lazy
    def surest(self) -> Numbers:
        """How surely each row answers the requirement that it answers best, 0..1. Of a need that
        asks for nothing: how likely it is about the theme, if its profile said nothing else.
        """
        if silent_requirements(self.features.question).all():
            return self._themes_alone
        return np.asarray(self.strengths.max(axis=0))

    @property
    def _themes_alone(self) -> Numbers:
        features = self.features
        own = np.arange(len(features.rows))
        own_words, names = features.remains.word_shares(features.rows, own, len(own))
        told = Told(
            theme=self._deviations[0],
            answers=[],
            languages=features.language_of_row,
            own_words=own_words,
            name_words=names,
            speaks=features.speaks[features.profile_of_row],
        )
        return self._pointed(told).sureness

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
        is_silent = silent_requirements(features.question)[:, None]
        return np.where(is_silent | features.has_no_text, -np.inf, answers)

    @lazy
    def _theme(self) -> Numbers:
        return np.where(self._has_rows, self._pooled(self._deviations[0]), -np.inf)

    @property
    def _word_shares(self) -> tuple[Numbers, Numbers]:
        """Own words and names of the theme that each profile has in rows that count."""
        features = self.features
        own_words, names = features.own_words.copy(), features.name_words.copy()
        changed, kept, owners = self._changed
        if not len(changed):
            return own_words, names
        shares = features.remains.word_shares(features.rows[kept], owners, len(changed))
        own_words[changed], names[changed] = shares
        return own_words, names

    @lazy
    def _deviations(self) -> Numbers:
        deviations = self.features.deviations.copy()
        factors = across_factors(self.features.question, self.weights)
        deviations[1:] *= factors[self.features.language_of_row]
        return deviations

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
        starts = np.flatnonzero(begins(owners) | begins(passages))
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
        changed, kept, owners = self._changed
        spoken = np.zeros((len(changed), UNKNOWN + 1), np.int64)
        np.add.at(spoken, (owners, features.language_of_row[kept]), 1)
        languages[changed] = np.where(spoken.any(axis=1), spoken.argmax(axis=1), UNKNOWN)
        return languages

    @lazy
    def _changed(self) -> tuple[Rows, Rows, Rows]:
        """The places of profiles that have rows left out; the rows that are left of them; and
        whose each of these is, by its number among the first.
        """
        owners = self.features.profile_of_row
        changed = np.unique(owners[self.left_out])
        kept = np.flatnonzero(np.isin(owners, changed) & ~self.left_out)
        return changed, kept, np.searchsorted(changed, owners[kept])

    @lazy
    def _has_rows(self) -> Flags:
        has_rows = np.zeros(len(self.features.profiles), np.bool_)
        has_rows[self.features.profile_of_row[~self.left_out]] = True
        return has_rows


def across_factors(question: Question, weights: Weights) -> Numbers:
    """What deviations of a requirement count, by language number. Passages that answer it stand
    out less across languages, still less if the need's is none of ours; they shall count the same.
    """
    across = weights.across if question.languages else weights.foreign
    factors = np.full(UNKNOWN + 1, across)
    factors[language_number(question.languages)] = 1.0
    return factors


def silent_requirements(question: Question) -> Flags:
    """Which requirements have no telling word."""
    return question.remembered("silent", lambda: _silent(question))


def _silent(question: Question) -> Flags:
    language = first(question.languages)
    asked = [says_something(each.text, language) for each in question.need.requirements]
    return ~np.array(asked, np.bool_)


def _firsts(owners: Rows) -> Rows:
    """Where each owner stands first. Owners are ascending."""
    return np.flatnonzero(begins(owners))


def _first_with(best: Numbers, values: Numbers, owners: Rows) -> Rows:
    """Where the best value of each profile stands first."""
    places = np.flatnonzero(values == best[owners])
    return places[begins(owners[places])]


def begins(values: Numbers) -> Flags:
    """Which values differ from the one before; the first does."""
    found = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found
