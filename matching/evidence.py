"""Per requirement: the verdict, the sentence that supports it, the words that carry it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from matching.background import Numbers
from matching.documents import Evidence, Requirement, Verdict
from matching.passage_index import Row
from matching.scoring import Scores
from matching.text import Word, content_words, first, fold, sentences, stems
from matching.weights import Weights
from matching.word_meaning import WordMeaning

_CARRIES = 0.5
"""Closeness to a word asked for from which a word of the quote is highlighted."""

_ENOUGH_SHARED = 0.5
"""Share of the words asked for that a passage has literally; with it meaning is not consulted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The row that answers a requirement best, before the sentence in it is chosen."""

    requirement: Requirement
    languages: tuple[str, ...]
    strength: float
    verdict: Verdict
    row: Row | None


def findings(scores: Scores, profile: int) -> list[Finding]:
    """One a requirement, in the order of the need."""
    rows = scores.index.rows_of_profile(profile)
    asked = zip(scores.question.need.requirements, scores.strengths, strict=True)
    return [_finding(scores, requirement, line, rows) for requirement, line in asked]


def _finding(scores: Scores, requirement: Requirement, line: Numbers, rows: range) -> Finding:
    best = max(rows, key=lambda row: (line[row], -row), default=None)
    strength = 0.0 if best is None else float(line[best])
    verdict = verdict_of(strength, scores.weights)
    supported = best is not None and verdict is not Verdict.NONE
    row = scores.index.rows[best] if best is not None and supported else None
    return Finding(requirement, scores.question.languages, strength, verdict, row)


def verdict_of(strength: float, weights: Weights) -> Verdict:
    if strength >= weights.met:
        return Verdict.MET
    return Verdict.PARTLY if strength >= weights.partly else Verdict.NONE


class Quoter:
    """Chooses the sentence to quote and the words in it to mark."""

    def __init__(self, meaning: WordMeaning) -> None:
        self._meaning = meaning

    def quoted(self, found: Sequence[Finding]) -> list[Evidence]:
        comparisons = [Comparison.of(each) for each in found]
        self._meaning.learn(self._foreign_words(c for c in comparisons if c is not None))
        return [self._evidence(*pair) for pair in zip(found, comparisons, strict=True)]

    def _foreign_words(self, comparisons: Iterable["Comparison"]) -> list[str]:
        asking = [c for c in comparisons if c.needs_meaning]
        return [word for c in asking for word in (*c.asked, *(w.text for w in c.said))]

    def _evidence(self, finding: Finding, comparison: "Comparison | None") -> Evidence:
        if comparison is None or finding.row is None:
            key = finding.requirement.key
            return Evidence(key, finding.verdict, finding.strength, None, "", ())
        closeness = comparison.shared
        if comparison.needs_meaning:
            said = [word.text for word in comparison.said]
            closeness = np.maximum(
                closeness, self._meaning.closeness(comparison.asked, said, comparison.languages)
            )
        start, end = comparison.best_sentence(closeness)
        return Evidence(
            finding.requirement.key,
            finding.verdict,
            finding.strength,
            finding.row.passage.key,
            finding.row.passage.text[start:end],
            comparison.highlights(closeness, (start, end)),
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """The words of a requirement against the words of a row.

    ``shared`` is 1 where two words have the same stem: one line a word asked for.
    ``languages`` are the likeliest of the requirement and of the row, "" if not known.
    """

    languages: tuple[str, str]
    asked: list[str]
    said: list[Word]
    shared: Numbers
    sentences: list[tuple[int, int]]

    @classmethod
    def of(cls, finding: Finding) -> "Comparison | None":
        row = finding.row
        if row is None:
            return None
        languages = first(finding.languages), first(row.languages)
        asked = _distinct(content_words(finding.requirement.text, languages[0]))
        said = _within(row, content_words(row.passage.text, languages[1]))
        common = set(finding.languages) & set(row.languages) or {""}
        shared = np.zeros((len(asked), len(said)), np.float32)
        for language in sorted(common):
            shared = np.maximum(shared, _same_stem(asked, [w.text for w in said], language))
        spans = [s for s in sentences(row.passage.text) if row.start <= s[0] and s[1] <= row.end]
        return cls(languages, asked, said, shared, spans)

    @property
    def needs_meaning(self) -> bool:
        if not self.asked or not self.said:
            return False
        return bool(self.shared.max(axis=1).mean() < _ENOUGH_SHARED)

    def best_sentence(self, closeness: Numbers) -> tuple[int, int]:
        """The one that covers most of the words asked for; the earliest of equals."""
        return max(self.sentences, key=lambda span: (self._covered(closeness, span), -span[0]))

    def highlights(
        self, closeness: Numbers, sentence: tuple[int, int]
    ) -> tuple[tuple[int, int], ...]:
        """Ranges within the sentence."""
        start, end = sentence
        return tuple(
            (word.start - start, word.end - start)
            for number, word in enumerate(self.said)
            if start <= word.start and word.end <= end and closeness[:, number].max() >= _CARRIES
        )

    def _covered(self, closeness: Numbers, span: tuple[int, int]) -> float:
        inside = [n for n, w in enumerate(self.said) if span[0] <= w.start and w.end <= span[1]]
        if not inside or not self.asked:
            return 0.0
        return float(closeness[:, inside].max(axis=1).sum())


def _distinct(found: Iterable[Word]) -> list[str]:
    return list(dict.fromkeys(word.text for word in found))


def _within(row: Row, found: Iterable[Word]) -> list[Word]:
    return [word for word in found if row.start <= word.start and word.end <= row.end]


def _same_stem(asked: Sequence[str], said: Sequence[str], language: str) -> Numbers:
    left, right = stems(asked, language), stems(said, language)
    return np.array([[fold(a) == fold(s) for s in right] for a in left], np.float32).reshape(
        len(asked), len(said)
    )
