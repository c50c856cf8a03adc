"""Similarities and shared words of one need with every profile, made into calibrated scores."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.background import Numbers, language_number
from matching.documents import Need
from matching.encoder import Encoder, Vectors
from matching.keyword_index import Terms, asking_terms
from matching.mixed_languages import evened, prevalence
from matching.passage_index import Flags, PassageIndex
from matching.recipe import closed, need_theme, need_words
from matching.text import languages_of, words
from matching.weights import Weights


@dataclass(frozen=True, slots=True)
class Question:
    """A need made ready: line 0 of ``vectors`` is its theme, then one line a requirement."""

    need: Need
    languages: tuple[str, ...]
    vectors: Vectors
    theme_terms: Terms
    requirement_terms: tuple[Terms, ...]

    @classmethod
    def of(cls, need: Need, encoder: Encoder) -> "Question":
        theme = need_theme(need)
        languages = languages_of(need_words(need), need.lang)
        asked = [requirement.text for requirement in need.requirements]
        return cls(
            need,
            languages,
            encoder.encode_needs([theme, *map(closed, asked)]),
            asking_terms(theme, languages),
            tuple(asking_terms(text, languages) for text in asked),
        )


def says_nothing(need: Need) -> bool:
    return not words(need_words(need))


class Scores:
    """All scores of one question over one index. Rows in ``left_out`` count for nothing."""

    def __init__(
        self, index: PassageIndex, question: Question, weights: Weights, left_out: Flags
    ) -> None:
        self.index = index
        self.question = question
        self.weights = weights
        self.left_out = left_out

    @cached_property
    def total(self) -> Numbers:
        """0..100, one number a profile."""
        return np.asarray(sum(self.parts.values()))

    @cached_property
    def parts(self) -> dict[str, Numbers]:
        """The shares that add up to the total, one number a profile each."""
        for_requirements = self.weights.requirements if self.question.need.requirements else 0.0
        theme, shared = self._theme_and_words
        return {
            "requirements": 100 * for_requirements * self._requirements,
            "theme": 100 * (1 - for_requirements) * theme,
            "words": 100 * (1 - for_requirements) * shared,
        }

    @cached_property
    def strengths(self) -> Numbers:
        """How surely each row answers each requirement, 0..1: (requirements, rows). Depends on the
        need and the row alone.
        """
        return logistic(self._answers(self.weights.evidence_words))

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

    @cached_property
    def _requirements(self) -> Numbers:
        """Weighted mean over requirements of each profile's best row, fair between languages."""
        if not self.question.need.requirements:
            return np.zeros(len(self.index.profiles), np.float32)
        fair = [logistic(fair) for _, fair in self._best_and_fair]
        return np.asarray(np.average(fair, axis=0, weights=self._shares_of_requirements))

    @property
    def _shares_of_requirements(self) -> Numbers:
        """What each requirement counts; all together 1."""
        asked = self.question.need.requirements
        weights = [self.weights.must if each.must else self.weights.nice for each in asked]
        return np.array(weights) / max(sum(weights), 1e-9)

    @cached_property
    def _best_and_fair(self) -> list[tuple[Numbers, Numbers]]:
        """Per requirement: log-odds of each profile's best row, as they are and evened."""
        answers = self._answers(self.weights.evidence_words * self._prevalence)
        best = [self._best_by_profile(line) for line in answers]
        return [(line, evened(line, self.index.language_of_profile)) for line in best]

    def _answers(self, word_weight: float) -> Numbers:
        """Log-odds that each row answers each requirement: (requirements, rows)."""
        index, weights = self.index, self.weights
        lines = [
            word_weight * index.coverage.shares(terms.own, words=terms.count)
            + weights.evidence_names * index.coverage.shares(terms.names, words=terms.count)
            for terms in self.question.requirement_terms
        ]
        shared = np.array(lines, np.float32).reshape(len(lines), len(index.rows))
        answers = weights.evidence_dense * self._deviations[1:] + shared + weights.evidence_bias
        return np.where(self.left_out | index.has_no_text, -np.inf, answers)

    @cached_property
    def _theme_and_words(self) -> tuple[Numbers, Numbers]:
        """One calibrated probability a profile, split by what speaks for it."""
        terms, weights = self.question.theme_terms, self.weights
        pooled = np.where(self._has_rows, self._pooled(self._deviations[0]), -np.inf)
        meaning = weights.theme_dense * evened(pooled, self.index.language_of_profile)
        own_words = self._more_than_usual(self._word_shares(terms.own))
        shared = weights.theme_words * self._prevalence * own_words
        shared += weights.theme_names * self._word_shares(terms.names)
        sure = logistic(meaning + shared + weights.theme_bias)
        for_meaning = np.maximum(meaning, 0)
        for_words = np.maximum(shared, 0)
        word_share = for_words / np.maximum(for_meaning + for_words, 1e-9)
        return sure * (1 - word_share), sure * word_share

    def _word_shares(self, terms: tuple[str, ...]) -> Numbers:
        index, count = self.index, self.question.theme_terms.count
        shares = index.words.shares(terms, words=count)
        for profile in {index.rows[row].profile for row in np.flatnonzero(self.left_out)}:
            kept = [term for row in self._kept_rows(profile) for term in index.terms[row]]
            shares[profile] = index.words.share_of(kept, terms, words=count)
        return shares

    def _more_than_usual(self, shares: Numbers) -> Numbers:
        """Shared words beyond what any profile in the need's language shares with it, so that a
        need finds the same profiles whichever language it is written in.
        """
        speaks = self.index.speaks(self.question.languages)
        usual = np.median(np.append(shares[speaks], 0))
        return np.where(speaks, shares - usual, shares)

    @cached_property
    def _prevalence(self) -> float:
        return prevalence(self.index.speaks(self.question.languages))

    def _kept_rows(self, profile: int) -> list[int]:
        return [row for row in self.index.rows_of_profile(profile) if not self.left_out[row]]

    @cached_property
    def _deviations(self) -> Numbers:
        index, vectors = self.index, self.question.vectors
        asked_in = language_number(self.question.languages)
        centred = index.background.centred_needs(vectors, np.full(len(vectors), asked_in))
        similarities = index.meanings.similarities(centred)[:, index.meaning_of_row]
        deviations = index.background.deviations(similarities, asked_in, index.language_of_row)
        return deviations * self._trust(asked_in)

    def _trust(self, asked_in: int) -> Numbers:
        """What a deviation is worth: (1 + requirements, rows). Passages that answer a requirement
        stand out less across languages, and related texts stand out more where a second encoder
        has a say; they shall count the same.
        """
        index, weights = self.index, self.weights
        across = index.language_of_row != asked_in
        special = index.background.is_special(asked_in) & ~across
        theme = np.where(special, weights.special, 1.0)
        requirement = np.where(across, weights.across, theme)
        return np.vstack([theme, *[requirement] * len(self.question.need.requirements)])

    def _pooled(self, line: Numbers) -> Numbers:
        """Weighted mean of each profile's best rows; a profile with fewer rows has fewer terms."""
        usable = np.flatnonzero(~self.left_out)
        owner = self.index.profile_of_row[usable]
        order = np.lexsort((-line[usable], owner))
        owner, best_first = owner[order], line[usable][order]
        place = np.arange(len(owner)) - np.searchsorted(owner, owner)
        pool = np.array(self.weights.pool)
        counted = place < len(pool)
        weight = pool[place[counted]]
        total = np.zeros((2, len(self.index.profiles)))
        np.add.at(total[0], owner[counted], weight * best_first[counted])
        np.add.at(total[1], owner[counted], weight)
        return np.asarray(total[0] / np.maximum(total[1], 1e-9))

    def _best_by_profile(self, line: Numbers) -> Numbers:
        best = np.full(len(self.index.profiles), -np.inf)
        np.maximum.at(best, self.index.profile_of_row, line)
        return best

    @cached_property
    def _has_rows(self) -> Flags:
        has_rows = np.zeros(len(self.index.profiles), np.bool_)
        has_rows[self.index.profile_of_row[~self.left_out]] = True
        return has_rows


def logistic(values: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(1 / (1 + np.exp(-values)))
