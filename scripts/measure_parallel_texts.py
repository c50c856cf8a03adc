"""Asks needs in several languages, each the translation of the other, and prints how alike the
lists are.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from matching import MatchingEngine, Need, Passage, Profile
from matching.bundled_model import default_encoder
from matching.evaluation.agreement import rank_biased_overlap
from matching.evaluation.benchmark import (
    Benchmark,
    UnusableBenchmark,
    read_benchmark,
    read_documents,
)
from matching.evaluation.markdown import markdown_table
from scripts.evaluation_options import Bundled, add_encoders
from scripts.measure_stuffing import kept_encoder
from scripts.progress import Progress

_PERSISTENCE = 0.9
_DEPTH = 100
_PROGRESS = Progress()

Versions = Mapping[str, Sequence[Need]]
"""The same needs in the same order, by language."""


def main(arguments: Sequence[str] | None = None, *, bundled: Bundled = default_encoder) -> int:
    options = _options(arguments)
    read = _from_files if all(map(Path.is_file, options.sources)) else _from_folders
    try:
        profiles, texts = read(options)
    except UnusableBenchmark as problem:
        print(f"Cannot measure: {problem}", file=sys.stderr)
        return 2
    needs = {language: _joined(told, options.sentences) for language, told in texts.items()}
    engine = MatchingEngine(
        kept_encoder(bundled(options.models), options.cache), leave_out_copies=False
    )
    engine.fit(profiles, progress=lambda *at: _PROGRESS("texts encoded", *at))
    engine.acquaint(need for told in needs.values() for need in told)
    print(_table({language: list(_lists(engine, told)) for language, told in needs.items()}))
    return 0


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("sources", type=Path, nargs="+", help="benchmarks with the same documents and translations"
        " of their needs; or files of documents in one language each, the first of which is asked:"
        " ids of a translation are those of the first, with or without de- before")  # fmt: skip
    add("--needs", type=int, default=300, help="of files: so many are drawn as needs")
    add("--among", type=int, default=2500, help="of the first file: so many are asked")
    add("--seed", type=int, default=1, help="draws others")
    add("--sentences", type=int, default=3, help="texts in a row that make one need")
    add_encoders(parser)
    return parser.parse_args(arguments)


def _from_files(options: Namespace) -> tuple[list[Profile], Versions]:
    """Documents that all files have, as needs, and a draw of the first file's, theirs among them.

    :raises UnusableBenchmark: if a file cannot be read, no document is in all, or none is wanted
    """
    files = [
        {each.key.removeprefix(f"{each.lang}-"): each for each in read_documents(file)}
        for file in options.sources
    ]
    random = np.random.default_rng(options.seed)
    common = sorted(set.intersection(*map(set, files)))
    if not common:
        raise UnusableBenchmark("no document is in all files.")
    if options.needs < 1:
        raise UnusableBenchmark("--needs must be at least 1.")
    asked = random.permutation(common)[: options.needs].tolist()
    others = random.permutation(sorted(files[0].keys() - set(asked))).tolist()
    keys = [*asked, *others[: max(options.among - len(asked), 0)]]
    told = [[_as_need(key, each[key]) for key in asked] for each in files]
    return [Profile(key, (files[0][key],)) for key in keys], _by_language(told)


def _as_need(key: str, document: Passage) -> Need:
    return Need(key, document.title, document.text, document.lang)


def _from_folders(options: Namespace) -> tuple[list[Profile], Versions]:
    """:raises UnusableBenchmark: if a folder cannot be read or is no translation"""
    benchmarks = [read_benchmark(folder) for folder in options.sources]
    return benchmarks[0].profiles, _versions(benchmarks)


def _versions(benchmarks: Sequence[Benchmark]) -> Versions:
    """Needs by language, those of the documents among them.

    :raises UnusableBenchmark: if folders are not translations of each other
    """
    first = benchmarks[0]
    answer_by_need = {need.key: _answer(first, need) for need in first.needs}
    for other in benchmarks[1:]:
        if {need.key: _answer(other, need) for need in other.needs} != answer_by_need:
            raise UnusableBenchmark("the folders have other needs, or other answers to them.")
    documents = [first.documents[answer_by_need[need.key]] for need in first.needs]
    told = [[Need(d.key, " ".join(filter(None, (d.title, d.text))), "", d.lang) for d in documents]]
    for each in benchmarks:
        by_key = {need.key: need for need in each.needs}
        told.append([by_key[need.key] for need in first.needs])
    return _by_language(told)


def _by_language(told: Sequence[Sequence[Need]]) -> Versions:
    """:raises UnusableBenchmark: if two are in the same language"""
    found = {needs[0].lang: needs for needs in told}
    if len(found) < len(told):
        raise UnusableBenchmark("two of needs and documents are in one language.")
    return found


def _answer(benchmark: Benchmark, need: Need) -> str:
    """:raises UnusableBenchmark: if it is not one document alone"""
    answers = benchmark.grades.get(need.key, {})
    if len(answers) != 1:
        raise UnusableBenchmark(f"{need.key} has {len(answers)} answers, so no translation.")
    return next(iter(answers))


def _joined(needs: Sequence[Need], size: int) -> list[Need]:
    """So many that follow each other as one: the first is its title. What is left over is not
    asked.
    """
    starts = range(0, len(needs) - size + 1, size)
    groups = [needs[start : start + size] for start in starts]
    return [
        Need(str(number), first.title, _after_the_title(first, others), first.lang)
        for number, (first, *others) in enumerate(groups)
    ]


def _after_the_title(first: Need, others: Sequence[Need]) -> str:
    said = [first.text, *(text for each in others for text in (each.title, each.text))]
    return " ".join(filter(None, said))


def _lists(engine: MatchingEngine, needs: Sequence[Need]) -> Iterator[list[str]]:
    for number, need in enumerate(needs, 1):
        yield [match.key for match in engine.rank(need, top=_DEPTH, explain=False)]
        _PROGRESS(f"needs ranked ({need.lang})", number, len(needs))


def _table(lists: Mapping[str, Sequence[Sequence[str]]]) -> str:
    rows = []
    for one, other in combinations(lists, 2):
        pairs = zip(lists[one], lists[other], strict=True)
        found = [rank_biased_overlap(*pair, persistence=_PERSISTENCE) for pair in pairs]
        rows.append(
            [f"{one}, {other}", str(len(found)), f"{np.mean(found):.3f}", f"{min(found):.3f}"]
        )
    return markdown_table(["languages", "needs", "rank-biased overlap", "least"], rows)


if __name__ == "__main__":
    sys.exit(main())
