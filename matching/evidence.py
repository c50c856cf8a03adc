"""Per requirement: the verdict, the sentence that supports it, the words that carry it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.background import Numbers
from matching.comparison import Comparison, Said
from matching.documents import Evidence, Requirement, Verdict
from matching.passage_index import PassageIndex, Row
from matching.scoring import Scores
from matching.weights import Weights
from matching.word_meaning import PackedWords, Word, WordMeaning, closeness, word_ids


@dataclass(frozen=True, slots=True)
class Finding:
    """The row that answers a requirement best, before the sentence in it is chosen."""

    requirement: Requirement
    languages: tuple[str, ...]
    strength: float
    verdict: Verdict
    row: Row | None


def findings(scores: Scores, place: int) -> list[Finding]:
    """One a requirement, in the order of the need.

    :param place: of the profile among those that have scores
    """
    features = scores.features
    rows = features.rows_of_profile(place)
    lines = scores.strengths[:, rows.start : rows.stop]
    profile = features.index.profile(int(features.profiles[place])) if lines.size else None
    row_by_number: dict[int, Row] = {}
    found = []
    for requirement, line in zip(scores.need.requirements, lines, strict=True):
        strength, row = float(line.max(initial=0.0)), None
        verdict = verdict_of(strength, scores.weights)
        if profile is not None and verdict is not Verdict.NONE:
            best = int(features.rows[rows.start + int(line.argmax())])
            row = row_by_number.setdefault(best, features.index.row(profile, best))
        found.append(Finding(requirement, features.question.languages, strength, verdict, row))
    return found


def verdict_of(strength: float, weights: Weights) -> Verdict:
    if strength >= weights.met:
        return Verdict.MET
    return Verdict.PARTLY if strength >= weights.partly else Verdict.NONE


class Quoter:
    """Chooses the sentence to quote and the words in it to mark.

    The words of passages are known to the index; of those asked for, new ones are encoded.
    """

    def __init__(self, index: PassageIndex, meaning: WordMeaning) -> None:
        self._index = index
        self._meaning = meaning
        self._said: dict[Row, Said] = {}

    def quoted(self, found: Sequence[Finding]) -> list[Evidence]:
        comparisons = [self._comparison(finding) for finding in found]
        vectors = self._vectors([c for c in comparisons if c is not None and c.needs_meaning])
        return [
            _evidence(finding, comparison, vectors)
            for finding, comparison in zip(found, comparisons, strict=True)
        ]

    def _comparison(self, finding: Finding) -> Comparison | None:
        if finding.row is None:
            return None
        if finding.row not in self._said:
            self._said[finding.row] = Said(finding.row)
        said = self._said[finding.row]
        return Comparison.of(finding.requirement.text, finding.languages, said)

    def _vectors(self, comparisons: Sequence[Comparison]) -> "_WordVectors":
        asked = dict.fromkeys(word for c in comparisons for word in c.asked_words)
        said = dict.fromkeys(word for c in comparisons for word in c.said_words)
        words = list(asked | said)
        known, vectors = self._index.vectors_of_words(word_ids(words), self._meaning.dimension)
        new = np.flatnonzero(~known[: len(asked)])
        vectors[new] = self._meaning.of_asked([words[number] for number in new])
        return _WordVectors({word: n for n, word in enumerate(words)}, vectors)


@dataclass(frozen=True, slots=True)
class _WordVectors:
    place: Mapping[Word, int]
    vectors: PackedWords

    def closeness(self, comparison: Comparison) -> Numbers:
        asked = [self.place[word] for word in comparison.asked_words]
        said = [self.place[word] for word in comparison.said_words]
        return closeness(self.vectors[asked], self.vectors[said])


def _evidence(finding: Finding, comparison: Comparison | None, vectors: _WordVectors) -> Evidence:
    key, verdict, strength = finding.requirement.key, finding.verdict, finding.strength
    if comparison is None:
        return Evidence(key, verdict, strength, None, "", ())
    near = comparison.shared
    if comparison.needs_meaning:
        near = np.maximum(near, vectors.closeness(comparison))
    passage = comparison.said.row.passage
    start, end = comparison.best_sentence(near)
    highlights = comparison.highlights(near, (start, end))
    return Evidence(key, verdict, strength, passage.key, passage.text[start:end], highlights)
