"""Measures how fast the matching is, beside plain alternatives in the same run."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from matching.evaluation.benchmark import UnusableBenchmark
from matching.evaluation.speed_corpus import SpeedTexts, read_speed_corpus
from scripts.encoding_benchmark import (
    Engines,
    as_json,
    bundled_engines,
    encoding_table,
    measured,
)

Bundled = Callable[[Path], Iterable[tuple[str, Engines]]]
"""Engines by name of the model they run, given the folder where it may be unpacked."""


def main(arguments: Sequence[str] | None = None, *, bundled: Bundled = bundled_engines) -> int:
    options = _options(arguments)
    try:
        corpus = read_speed_corpus(options.corpus)
        texts = SpeedTexts.drawn(corpus, options.texts, np.random.default_rng(options.seed))
    except UnusableBenchmark as problem:
        print(f"Cannot measure: {problem}", file=sys.stderr)
        return 2
    encoding = {}
    for model, engines in bundled(options.models):
        if options.model in model:
            figures = measured(engines, texts, rounds=options.rounds, timer=options.timer)
            encoding[model] = as_json(figures)
            print(f"## Encoding with {model}\n\n{encoding_table(figures)}", flush=True)
    options.json.write_text(json.dumps({"encoding": encoding}, indent=2))
    return 0


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--corpus", type=Path, required=True, help="texts: jsonl or jsonl.gz, a file or a folder")
    add("--json", type=Path, required=True, help="all figures are written here")
    add("--model", default="", help="measure only models with this in their name")
    add("--models", type=Path, default=Path("var/models"), help="where the default is unpacked")
    add("--texts", type=int, default=64, help="texts of each kind")
    add("--rounds", type=int, default=5, help="turns of each way to do the same")
    add("--seed", type=int, default=1, help="draws other texts")
    add(
        "--processor-time",
        dest="timer",
        action="store_const",
        const=process_time,
        default=perf_counter,
        help="count what the processor does, not what the clock shows: for a busy machine",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
