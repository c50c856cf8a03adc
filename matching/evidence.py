"""Per requirement: the verdict, the sentence that supports it, the words that carry it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.comparison import Asked, Comparison, Said
from matching.documents import Evidence, Requirement, Verdict
from matching.passage_index import PassageIndex, Row
from matching.scoring import Scores
from matching.weights import Weights
from matching.word_meaning import Closeness, WordMeaning, word_ids


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

    def quoted(self, found: Sequence[Finding]) -> list[Evidence]:
        comparisons = _compared(found)
        unlike = [comparison for comparison in comparisons.values() if comparison.needs_meaning]
        closeness = self._closeness(unlike)
        return [
            _evidence(finding, comparisons.get(number), closeness)
            for number, finding in enumerate(found)
        ]

    def _closeness(self, comparisons: Sequence[Comparison]) -> Closeness:
        asked = {id(c.asked): c.asked for c in comparisons}.values()
        said = {id(c.said): c.said for c in comparisons}.values()
        own = dict.fromkeys(word for each in asked for word in each.keyed)
        words = list(own | dict.fromkeys(word for each in said for word in each.keyed))
        known, vectors = self._index.vectors_of_words(word_ids(words), self._meaning.dimension)
        new = np.flatnonzero(~known[: len(own)])
        vectors[new] = self._meaning.of_asked([words[number] for number in new])
        return Closeness(words, vectors, asked=len(own))


def _compared(found: Sequence[Finding]) -> dict[int, Comparison]:
    """By number of the finding. Each requirement and each row is read once."""
    asked: dict[str, Asked] = {}
    said: dict[Row, Said] = {}
    comparisons = {}
    for number, finding in enumerate(found):
        if finding.row is None:
            continue
        text = finding.requirement.text
        if text not in asked:
            asked[text] = Asked(text, finding.languages)
        if finding.row not in said:
            said[finding.row] = Said(finding.row)
        comparisons[number] = Comparison.of(asked[text], said[finding.row])
    return comparisons


def _evidence(finding: Finding, comparison: Comparison | None, closeness: Closeness) -> Evidence:
    key, verdict, strength = finding.requirement.key, finding.verdict, finding.strength
    if comparison is None:
        return Evidence(key, verdict, strength, None, "", ())
    (start, end), highlights = comparison.quoted(closeness)
    passage = comparison.said.row.passage
    return Evidence(key, verdict, strength, passage.key, passage.text[start:end], highlights)
