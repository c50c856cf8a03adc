"""The options of the evaluation."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from matching.encoder_pair import EncoderPair
from matching.evaluation.alternatives import SYSTEMS
from matching.evaluation.benchmark import Benchmark, Files, read_benchmark

Bundled = Callable[[Path], EncoderPair]
"""The pair of encoders that ships, given the folder where it may unpack."""

AS_SHIPPED = 1000
"""The product tells the engine so many public needs of a region, the newest."""


def read_options(arguments: Sequence[str] | None, *, description: str | None) -> Namespace:
    parser = ArgumentParser(description=description)
    add_benchmark(parser)
    add = parser.add_argument
    add("--run", type=Path, required=True, help="our rankings are written here (TSV)")
    add("--json", type=Path, required=True, help="figures are written here")
    add("--table", type=Path, help="figures are written here as Markdown, too")
    names = ", ".join(SYSTEMS)
    add("--beside", type=_systems, default=[], help=f"all, none, or with commas: {names}")
    add("--beside-runs", type=Path, help="folder for the rankings of the systems beside ours")
    add("--part", choices=["dev", "test", "all"], default="all")
    add("--limit-queries", type=int, help="take only so many needs")
    told = "how many of the needs the engine is told beforehand (it never sees a judgement)"
    add("--acquainted-with", type=int, default=AS_SHIPPED, help=f"{told}; {AS_SHIPPED} as it ships")
    add("--model", type=Path, help="model folder, instead of the default pair")
    add_encoders(parser)
    return parser.parse_args(arguments)


def add_benchmark(parser: ArgumentParser) -> None:
    """Options that say where documents, needs and judgements are."""
    add = parser.add_argument
    add("--dataset", type=Path, required=True, help="folder with documents, needs and judgements")
    add("--corpus", default="corpus.jsonl", help="file with the documents")
    add("--queries", default="queries.jsonl", help="file with the needs")
    add("--qrels", default="", help="file with the judgements, if it is not the one of the needs")


def add_encoders(parser: ArgumentParser) -> None:
    """Options that say where encoders are and their vectors stay."""
    add = parser.add_argument
    add("--cache", type=Path, help="folder to keep vectors in between runs")
    add("--models", type=Path, default=Path("var/models"), help="the encoders' home")


def chosen_benchmark(options: Namespace) -> Benchmark:
    """:raises UnusableBenchmark: if a file is missing or wrong, saying which"""
    return read_benchmark(options.dataset, Files(options.corpus, options.queries, options.qrels))


def _systems(names: str) -> list[str]:
    if names in {"all", "none"}:
        return list(SYSTEMS) if names == "all" else []
    asked = names.split(",")
    unknown = [name for name in asked if name not in SYSTEMS]
    if unknown:
        raise ArgumentTypeError(f"no system {', '.join(unknown)}; there are {', '.join(SYSTEMS)}")
    return asked
