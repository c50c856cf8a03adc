"""Per requirement: the verdict, the sentence that supports it, the words that carry it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matching.background import Numbers
from matching.comparison import Asked, Quote, Said, quotes
from matching.documents import Evidence, Requirement, Verdict
from matching.passage_index import PassageIndex, Row
from matching.postings import Ids, found_at
from matching.scoring import Scores
from matching.segment import Flags
from matching.vocabulary import WordNumbers
from matching.weights import Weights
from matching.word_meaning import PackedWords, WordMeaning, nearness


class Finding(NamedTuple):
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
    profile = features.profile(place) if lines.size else None
    row_by_number: dict[int, Row] = {}
    found = []
    strengths = lines.max(axis=1, initial=0.0).tolist()
    places_of_best = lines.argmax(axis=1).tolist() if lines.size else [0] * len(lines)
    told = zip(scores.need.requirements, strengths, places_of_best, strict=True)
    for requirement, strength, place_of_best in told:
        row = None
        verdict = verdict_of(strength, scores.weights)
        if profile is not None and verdict is not Verdict.NONE:
            best = int(features.rows[rows.start + place_of_best])
            if best not in row_by_number:
                row_by_number[best] = features.index.row(profile, best)
            row = row_by_number[best]
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
        self._vocabulary = meaning.vocabulary

    def quoted(self, found: Sequence[Finding]) -> list[Evidence]:
        requirements: dict[str, int] = {}
        rows: dict[Row, int] = {}
        pairs = [
            (
                requirements.setdefault(finding.requirement.text, len(requirements)),
                rows.setdefault(finding.row, len(rows)),
            )
            for finding in found
            if finding.row is not None
        ]
        languages, vocabulary = found[0].languages if found else (), self._vocabulary
        asked, said = Asked(list(requirements), languages, vocabulary), Said(list(rows), vocabulary)
        chosen = iter(quotes(asked, said, pairs, self._nearness))
        return [_evidence(finding, next(chosen) if finding.row else None) for finding in found]

    def _nearness(self, asked: WordNumbers, said: WordNumbers) -> Numbers:
        known, vectors = self._known(self._vocabulary.ids(np.concatenate([asked, said])))
        new = np.flatnonzero(~known[: len(asked)])
        vectors[new] = self._meaning.of_asked([*map(self._vocabulary.word, asked[new].tolist())])
        return nearness(vectors[: len(asked)], vectors[len(asked) :])

    def _known(self, words: Ids) -> tuple[Flags, PackedWords]:
        """Which words the index knows, and their vectors, zeros for the others."""
        known = np.zeros(len(words), np.bool_)
        vectors = np.zeros((len(words), self._meaning.dimension), np.int8)
        order = np.argsort(words)  # neighbours are looked up where memory was just read
        for segment in reversed(self._index.segments):
            new = order[~known[order]]
            there, places = found_at(segment.words.ids, words[new])
            vectors[new[there]] = segment.words.vectors[places[there]]
            known[new[there]] = True
        return known, vectors


def _evidence(finding: Finding, quote: Quote | None) -> Evidence:
    key, verdict, strength = finding.requirement.key, finding.verdict, finding.strength
    if finding.row is None or quote is None:
        return Evidence(key, verdict, strength, None, "", ())
    passage, (start, end) = finding.row.passage, quote.sentence
    return Evidence(key, verdict, strength, passage.key, passage.text[start:end], quote.highlights)
