"""Tells which needs of a benchmark folder one ranking serves better or worse than another."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from matching.evaluation.benchmark import UnusableBenchmark
from matching.evaluation.breakdown import changes, grouped, language_of, length_of, most_lost
from matching.evaluation.metrics import METRICS
from matching.evaluation.report import groups_table, losses_table
from matching.evaluation.runs import UnusableRun, read_run
from scripts.evaluation_options import add_benchmark, chosen_benchmark


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        print(_compared(options))
    except (UnusableBenchmark, UnusableRun) as problem:
        print(f"Cannot compare: {problem}", file=sys.stderr)
        return 2
    return 0


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(description=__doc__)
    add_benchmark(parser)
    parser.add_argument("before", type=Path, help="rankings that evaluate_matching has written")
    parser.add_argument("after", type=Path, help="other rankings of the same needs")
    parser.add_argument("--metric", choices=METRICS, default="nDCG@10")
    parser.add_argument("--worst", type=int, default=10, help="how many of the losses are listed")
    return parser.parse_args(arguments)


def _compared(options: Namespace) -> str:
    """:raises UnusableBenchmark: if the folder cannot be read or holds experts' ratings
    :raises UnusableRun: if a file with rankings cannot be read or has none of the needs
    """
    benchmark = chosen_benchmark(options)
    if benchmark.samplings:
        raise UnusableBenchmark("ratings of experts are no judgement of a ranking.")
    changed = changes(
        benchmark.needs,
        benchmark.grades,
        METRICS[options.metric],
        before=read_run(options.before),
        after=read_run(options.after),
    )
    if not changed:
        raise UnusableRun("the rankings are of other needs.")
    groups = [
        *grouped(changed, lambda _: "all"),
        *grouped(changed, language_of),
        *grouped(changed, length_of),
    ]
    lost = most_lost(changed, options.worst)
    tables = [groups_table(options.metric, groups), losses_table(lost, benchmark.documents)]
    return "\n".join(tables)


if __name__ == "__main__":
    sys.exit(main())
