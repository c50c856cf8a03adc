"""Measures how fast profiles are learned, changed and ranked, beside plain search."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from matching import Encoder
from matching.bundled_model import default_encoder
from matching.evaluation.benchmark import UnusableBenchmark
from matching.evaluation.speed_corpus import read_speed_corpus
from scripts.progress import Progress
from scripts.ranking_benchmark import as_json, collection, drawn_needs, measured, ranking_table
from scripts.static_encoder import static_encoder

Encoders = Mapping[str, Callable[[Path], Encoder]]
"""By name, given the folder where a model may be unpacked."""

ENCODERS: Encoders = {
    "bundled": default_encoder,
    "static": static_encoder,
}


def main(arguments: Sequence[str] | None = None, *, encoders: Encoders = ENCODERS) -> int:
    options = _options(arguments)
    try:
        corpus = read_speed_corpus(options.corpus)
    except UnusableBenchmark as problem:
        print(f"Cannot measure: {problem}", file=sys.stderr)
        return 2
    needs = drawn_needs(corpus, options.needs, np.random.default_rng(options.seed))
    if not needs:
        print("Cannot measure: no text has six sentences to make a need of.", file=sys.stderr)
        return 2
    encoder = encoders[options.encoder](options.models)
    found = []
    for size in options.profiles:
        profiles = collection(corpus, size, options.per_profile)
        kept = options.keep / f"profiles-{size}" if options.keep else None
        figures = measured(
            encoder, profiles, needs, timer=options.timer, tell=Progress(), kept=kept
        )
        found.append(figures)
        print(ranking_table(found), flush=True)
        options.json.write_text(json.dumps(as_json(found), indent=2))
    return 0


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--corpus", type=Path, required=True, help="texts: jsonl or jsonl.gz, a file or a folder")
    add("--json", type=Path, required=True, help="all figures are written here")
    add("--profiles", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="sizes")
    add("--per-profile", type=float, default=1.4, help="texts a profile has on average")
    add("--needs", type=int, default=100, help="how many rankings are timed")
    add("--encoder", choices=ENCODERS, default="static", help="static: mean of token vectors")
    add("--models", type=Path, default=Path("var/models"), help="where the default is unpacked")
    add("--keep", type=Path, help="folder where what is learned stays for further runs")
    add("--seed", type=int, default=1, help="draws other needs")
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
