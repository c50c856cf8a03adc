"""Puts the engine, and plain systems beside it, to a benchmark folder and says how good each is."""

import json
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import asdict
from hashlib import sha256
from time import perf_counter

from matching import Encoder, MatchingEngine, Need, SentenceTransformerEncoder
from matching.bundled_model import default_encoder
from matching.encoder import encode_in_batches
from matching.encoder_pair import EncoderPair
from matching.evaluation.alternatives import SYSTEMS, plain_systems
from matching.evaluation.benchmark import UnusableBenchmark, is_in_part
from matching.evaluation.bootstrap import Estimate
from matching.evaluation.comparison import Standing, figures, standing
from matching.evaluation.expert_task import ExpertTask
from matching.evaluation.ranking_task import RankingTask
from matching.evaluation.report import systems_table
from matching.evaluation.runs import write_run
from matching.evaluation.task import Outcome, Task
from matching.recipe import need_theme
from matching.vector_cache import CachingEncoder
from scripts.evaluation_options import Bundled, chosen_benchmark, read_options
from scripts.progress import Progress

_PROGRESS = Progress()


def main(arguments: Sequence[str] | None = None, *, bundled: Bundled = default_encoder) -> int:
    options = read_options(arguments, description=__doc__)
    try:
        task = _task(options)
    except UnusableBenchmark as problem:
        print(f"Cannot evaluate: {problem}", file=sys.stderr)
        return 2
    started = perf_counter()
    engine = MatchingEngine(_encoder(options, bundled), leave_out_copies=False, learn_words=False)
    outcome = _by_engine(task, engine, options)
    seconds = perf_counter() - started
    ours = figures(outcome.statistics, cases=task.cases)
    beside = _beside(task, outcome, options, bundled) if options.beside else {}
    write_run(options.run, outcome.run)
    report = {
        "metrics": _as_json(ours),
        "queries": len(task.needs),
        "documents": len(task.documents),
        "seconds": round(seconds, 1),
        "engine": dict(engine.description),
        "beside": {name: _as_json_beside(theirs) for name, theirs in beside.items()},
    }
    options.json.write_text(json.dumps(report, indent=2))
    markdown = systems_table(ours, {SYSTEMS[name]: theirs for name, theirs in beside.items()})
    if options.table:
        options.table.write_text(markdown)
    print(markdown if beside else json.dumps(report["metrics"]))
    return 0


def _task(options: Namespace) -> Task:
    """:raises UnusableBenchmark: if there is nothing to measure, saying why"""
    benchmark = chosen_benchmark(options)
    needs = [need for need in benchmark.needs if is_in_part(need.key, options.part)]
    judged = [need for need in needs if need.key in benchmark.grades][: options.limit_queries]
    return ExpertTask(benchmark, judged) if benchmark.samplings else RankingTask(benchmark, judged)


def _encoder(options: Namespace, bundled: Bundled) -> Encoder:
    if options.model:
        return _caching(SentenceTransformerEncoder(options.model), options)
    return _cached_pair(options, bundled)


def _cached_pair(options: Namespace, bundled: Bundled) -> EncoderPair:
    pair = copy(bundled(options.models))
    pair.general = _caching(pair.general, options)
    pair.special = _caching(pair.special, options)
    return pair


def _caching(encoder: Encoder, options: Namespace) -> CachingEncoder:
    """Vectors are kept at least for the length of the run: needs are encoded together first."""
    return CachingEncoder(encoder, options.cache / "vectors.sqlite" if options.cache else None)


def _by_engine(task: Task, engine: MatchingEngine, options: Namespace) -> Outcome:
    encode_in_batches(
        engine.encoder.encode_needs,
        [need_theme(need) for need in task.needs],
        dimension=engine.encoder.dimension,
        progress=lambda *at: _PROGRESS("needs encoded", *at),
    )
    if options.acquainted_with:
        engine.acquaint(_drawn(task.needs, options.acquainted_with))
    return task.by_engine(engine, _PROGRESS)


def _drawn(needs: Sequence[Need], count: int) -> Sequence[Need]:
    """So many of them, always the same and in no order that means anything."""
    return sorted(needs, key=lambda need: sha256(need.key.encode()).digest())[:count]


def _beside(task: Task, ours: Outcome, options: Namespace, bundled: Bundled) -> dict[str, Standing]:
    systems = plain_systems(
        options.beside,
        task.documents,
        _cached_pair(options, bundled),
        progress=lambda *at: _PROGRESS("whole texts encoded", *at),
    )
    outcomes = {name: task.by_plain(system, _PROGRESS) for name, system in systems.items()}
    if options.beside_runs:
        options.beside_runs.mkdir(parents=True, exist_ok=True)
        for name, outcome in outcomes.items():
            write_run(options.beside_runs / f"{name}.tsv", outcome.run)
    return {
        name: standing(outcome.statistics, ours.statistics, cases=task.cases)
        for name, outcome in outcomes.items()
    }


def _as_json_beside(theirs: Standing) -> dict[str, object]:
    return {
        "metrics": _as_json(theirs.figures),
        "ours_minus_theirs": _as_json(theirs.differences),
    }


def _as_json(estimates: Mapping[str, Estimate]) -> dict[str, object]:
    return {name: asdict(estimate) for name, estimate in estimates.items()}


if __name__ == "__main__":
    sys.exit(main())
