"""Tell which of the needs an expert has rated suit the expert best."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.documents import Need, Profile
from matching.engine import MatchingEngine
from matching.evaluation.alternatives import PlainSystem, PlainText, Scores
from matching.evaluation.benchmark import Benchmark, UnusableBenchmark
from matching.evaluation.pair_order import Counts, pair_counts, pair_order_statistics
from matching.evaluation.task import DEPTH, Outcome, Progress, plain_scores

Sampling = Mapping[str, Sequence[str]]
"""The documents of each expert."""

_BEST = 3


class ExpertTask:
    """One profile an expert, with one passage a document. A case is an expert.

    Profiles come in several samplings of documents, whose figures are averaged. A plain system's
    score of an expert is the mean of the expert's best three documents.
    """

    def __init__(self, benchmark: Benchmark, needs: Sequence[Need]) -> None:
        """:raises UnusableBenchmark: if there are no ratings, or experts without a profile"""
        self._texts = benchmark.documents
        self._samplings = list(benchmark.samplings.values())
        self._grades = benchmark.grades
        self.needs = [need for need in needs if need.key in benchmark.grades]
        if not self.needs:
            raise UnusableBenchmark("no query of this part has a judgement.")
        self._experts = sorted({e for need in self.needs for e in benchmark.grades[need.key]})
        for name, sampling in benchmark.samplings.items():
            strangers = sorted(set(self._experts) - sampling.keys())
            if strangers:
                raise UnusableBenchmark(f"{strangers[0]} has no profile in sampling {name}.")

    @property
    def cases(self) -> int:
        return len(self._experts)

    @property
    def documents(self) -> Sequence[PlainText]:
        return [PlainText.of(document) for document in self._texts.values()]

    def by_engine(self, engine: MatchingEngine, progress: Progress) -> Outcome:
        scores = self._unscored()
        for place, sampling in enumerate(self._samplings):
            engine.fit(
                self._profiles(sampling), progress=lambda *at: progress("texts encoded", *at)
            )
            for number, need in enumerate(self.needs):
                matches = engine.rank(need, top=len(sampling), explain=False)
                score_by_key = {match.key: match.score for match in matches}
                scores[place, number] = [score_by_key.get(key, 0.0) for key in self._experts]
                done = place * len(self.needs) + number + 1
                progress("needs ranked", done, scores[..., 0].size)
        return self._outcome(scores)

    def by_plain(self, system: PlainSystem, progress: Progress) -> Outcome:
        asked = plain_scores(system, self.needs, progress)
        by_document = dict(zip(self._texts, np.array([line for _, line in asked]).T, strict=True))
        scores = self._unscored()
        for place, sampling in enumerate(self._samplings):
            for number, expert in enumerate(self._experts):
                own = [by_document[key] for key in sampling[expert]]
                scores[place, :, number] = _best_mean(own) if own else 0
        return self._outcome(scores)

    def _unscored(self) -> NDArray[np.float64]:
        return np.zeros((len(self._samplings), len(self.needs), len(self._experts)))

    def _profiles(self, sampling: Sampling) -> list[Profile]:
        return [
            Profile(expert, tuple(self._texts[key] for key in dict.fromkeys(keys)))
            for expert, keys in sampling.items()
        ]

    def _outcome(self, scores: NDArray[np.float64]) -> Outcome:
        """:param scores: (samplings, needs, experts)"""
        counts = [[self._counts(line, n) for n in range(self.cases)] for line in scores]
        run = {
            need.key: _ranked(dict(zip(self._experts, line, strict=True)))
            for need, line in zip(self.needs, scores.mean(axis=0), strict=True)
        }
        return Outcome(run, pair_order_statistics(counts))

    def _counts(self, scores: NDArray[np.float64], number: int) -> Counts:
        expert = self._experts[number]
        score_by_need = {
            need.key: score for need, score in zip(self.needs, scores[:, number], strict=True)
        }
        ratings = {
            need.key: self._grades[need.key][expert]
            for need in self.needs
            if expert in self._grades[need.key]
        }
        return pair_counts(ratings, score_by_need)


def _best_mean(scores: Sequence[Scores]) -> NDArray[np.float64]:
    """:param scores: one line a document, one column a need"""
    return np.asarray(np.sort(scores, axis=0)[-_BEST:].mean(axis=0))


def _ranked(score_by_key: Mapping[str, float]) -> list[tuple[str, float]]:
    best = sorted(score_by_key.items(), key=lambda item: (-item[1], item[0]))
    return [(key, float(score)) for key, score in best[:DEPTH]]
