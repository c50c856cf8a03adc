"""Ranks the documents of a benchmark folder with the engine and says how good the rankings are."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

import numpy as np

from matching import Encoder, MatchingEngine, Need, SentenceTransformerEncoder
from matching.bundled_model import default_encoder
from matching.encoder import EncoderPair
from matching.evaluation.benchmark import (
    Benchmark,
    UnusableBenchmark,
    is_in_part,
    read_benchmark,
)
from matching.evaluation.metrics import METRICS, estimate
from matching.recipe import need_theme
from matching.vector_cache import CachingEncoder

DEPTH = 100


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        benchmark = read_benchmark(options.dataset, queries=options.queries)
    except UnusableBenchmark as problem:
        print(f"Cannot evaluate: {problem}", file=sys.stderr)
        return 2
    needs = [need for need in benchmark.needs if is_in_part(need.key, options.part)]
    needs = [need for need in needs if need.key in benchmark.grades][: options.limit_queries]
    if not needs:
        print("Cannot evaluate: no query of this part has a judgement.", file=sys.stderr)
        return 2
    started = perf_counter()
    engine = MatchingEngine(_encoder(options), leave_out_copies=False)
    run = _ranked(engine, benchmark, needs)
    seconds = perf_counter() - started
    _write_run(options.run, run)
    report = _report(benchmark, run, engine, seconds)
    options.json.write_text(json.dumps(report, indent=2))
    print(json.dumps(report["metrics"]))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", type=Path, required=True, help="folder with corpus and needs")
    parser.add_argument("--run", type=Path, required=True, help="rankings are written here (TSV)")
    parser.add_argument("--json", type=Path, required=True, help="figures are written here")
    parser.add_argument("--queries", default="queries.jsonl", help="file with the needs")
    parser.add_argument("--part", choices=["dev", "test", "all"], default="all")
    parser.add_argument("--limit-queries", type=int, help="take only so many needs")
    parser.add_argument("--cache", type=Path, help="folder to keep vectors in between runs")
    parser.add_argument("--model", type=Path, help="model folder, instead of the default pair")
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="default's home")
    return parser.parse_args(arguments)


def _encoder(options: argparse.Namespace) -> Encoder:
    """Vectors are kept at least for the length of the run: needs are encoded together first."""
    file = options.cache / "vectors.sqlite" if options.cache else None
    if options.model:
        return CachingEncoder(SentenceTransformerEncoder(options.model), file)
    pair = default_encoder(options.models)
    return EncoderPair(CachingEncoder(pair.general, file), CachingEncoder(pair.special, file))


def _ranked(
    engine: MatchingEngine, benchmark: Benchmark, needs: Sequence[Need]
) -> dict[str, list[tuple[str, float]]]:
    engine.fit(benchmark.profiles, progress=lambda *at: _tell("texts encoded", *at))
    engine.encoder.encode_needs([need_theme(need) for need in needs])
    run = {}
    for number, need in enumerate(needs, 1):
        matches = engine.rank(need, top=DEPTH, explain=False)
        run[need.key] = [(match.key, match.score) for match in matches]
        _tell("needs ranked", number, len(needs))
    return run


def _tell(what: str, done: int, of: int) -> None:
    if done == of or done % 128 == 0:
        print(f"{done}/{of} {what}", file=sys.stderr)


def _write_run(file: Path, run: dict[str, list[tuple[str, float]]]) -> None:
    lines = (
        f"{need}\t{document}\t{score!r}\n"
        for need, ranking in run.items()
        for document, score in ranking
    )
    file.write_text("".join(lines))


def _report(
    benchmark: Benchmark,
    run: dict[str, list[tuple[str, float]]],
    engine: MatchingEngine,
    seconds: float,
) -> dict[str, object]:
    figures = {}
    for name, metric in METRICS.items():
        values = [
            metric([document for document, _ in ranking], benchmark.grades[need])
            for need, ranking in run.items()
        ]
        figures[name] = asdict(estimate(values, random=np.random.default_rng(1)))
    return {
        "metrics": figures,
        "queries": len(run),
        "documents": len(benchmark.profiles),
        "seconds": round(seconds, 1),
        "engine": dict(engine.description),
    }


if __name__ == "__main__":
    sys.exit(main())
