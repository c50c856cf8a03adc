"""Find the documents that were judged good for each need."""

from collections.abc import Sequence

import numpy as np

from matching.documents import Need
from matching.engine import MatchingEngine
from matching.evaluation.alternatives import PlainSystem, PlainText
from matching.evaluation.benchmark import Benchmark, UnusableBenchmark
from matching.evaluation.bootstrap import mean_of
from matching.evaluation.metrics import METRICS
from matching.evaluation.runs import Run
from matching.evaluation.task import DEPTH, Outcome, Progress, plain_scores


class RankingTask:
    """One profile a document. A case is a need."""

    def __init__(self, benchmark: Benchmark, needs: Sequence[Need]) -> None:
        """:raises UnusableBenchmark: if no document was judged for any of the needs"""
        self._benchmark = benchmark
        self._keys = sorted(benchmark.documents)
        self.needs = [need for need in needs if need.key in benchmark.grades]
        if not self.needs:
            raise UnusableBenchmark("no query of this part has a judgement.")
        judged = {key for need in self.needs for key in benchmark.grades[need.key]}
        if judged.isdisjoint(benchmark.documents):
            raise UnusableBenchmark("none of the judged documents is in the corpus.")

    @property
    def cases(self) -> int:
        return len(self.needs)

    @property
    def documents(self) -> Sequence[PlainText]:
        return [PlainText.of(self._benchmark.documents[key]) for key in self._keys]

    def by_engine(self, engine: MatchingEngine, progress: Progress) -> Outcome:
        engine.fit(self._benchmark.profiles, progress=lambda *at: progress("texts encoded", *at))
        run = {}
        for number, need in enumerate(self.needs, 1):
            matches = engine.rank(need, top=DEPTH, explain=False)
            run[need.key] = [(match.key, match.score) for match in matches]
            progress("needs ranked", number, len(self.needs))
        return self._outcome(run)

    def by_plain(self, system: PlainSystem, progress: Progress) -> Outcome:
        run = {}
        for need, scores in plain_scores(system, self.needs, progress):
            best = np.argsort(-scores, kind="stable")[:DEPTH]
            run[need.key] = [(self._keys[number], float(scores[number])) for number in best]
        return self._outcome(run)

    def _outcome(self, run: Run) -> Outcome:
        grades = self._benchmark.grades
        rankings = {need: [key for key, _ in ranking] for need, ranking in run.items()}
        statistics = {
            name: mean_of([metric(ranking, grades[need]) for need, ranking in rankings.items()])
            for name, metric in METRICS.items()
        }
        return Outcome(run, statistics)
