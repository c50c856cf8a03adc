"""Compares all needs of a file with each other and says how close they are.

These are the figures on which the thresholds of ``matching.similar_needs`` were set. Needs of one
title are taken for duplicates, all others for different ones.
"""

import gzip
import json
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from matching import Encoder, MatchingEngine, Need, SimilarNeed, SimilarNeeds
from matching.bundled_model import default_encoder
from matching.vector_cache import CachingEncoder
from scripts.evaluation_options import Bundled, add_encoders

_QUANTILES = {"least": 0.0, "median": 0.5, "99 %": 0.99, "99.9 %": 0.999, "most": 1.0}


def main(arguments: Sequence[str] | None = None, *, bundled: Bundled = default_encoder) -> int:
    options = _options(arguments)
    needs = {need.key: need for need in _needs(options.needs)}
    similar = SimilarNeeds(MatchingEngine(_encoder(options, bundled)), needs.values())
    found: dict[str, list[SimilarNeed]] = {}
    for key, need in needs.items():
        for other in similar.of(key, most=len(needs)):
            if key < other.need:
                found.setdefault(_kind(need, needs[other.need]), []).append(other)
    print(_table(found))
    return 0


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("needs", type=Path, help="file of lines with id, title, text and lang (JSON, maybe gzip)")
    add_encoders(parser)
    return parser.parse_args(arguments)


def _needs(file: Path) -> list[Need]:
    raw = file.read_bytes()
    lines = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode().splitlines()
    records = [json.loads(line) for line in lines]
    return [Need(each["id"], each["title"], each["text"], each["lang"]) for each in records]


def _encoder(options: Namespace, bundled: Bundled) -> Encoder:
    """Of the pair, the one for every language: the other is not asked about needs."""
    file = options.cache and options.cache / "vectors.sqlite"
    return CachingEncoder(bundled(options.models).general, file)


def _kind(one: Need, other: Need) -> str:
    languages = "one language" if one.lang == other.lang else "two languages"
    same = one.title.casefold() == other.title.casefold()
    return f"{languages}, {'same title' if same else 'others'}"


def _table(found: Mapping[str, Sequence[SimilarNeed]]) -> str:
    head = ["pairs of", "number", *_QUANTILES, "called duplicate", "called related"]
    rows = [head, ["---"] * len(head)]
    rows += [[kind, *_figures(others)] for kind, others in sorted(found.items())]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _figures(others: Sequence[SimilarNeed]) -> list[str]:
    closeness = np.quantile([other.closeness for other in others], list(_QUANTILES.values()))
    called = Counter(other.likeness.value for other in others)
    figures = [f"{value:.1f}" for value in closeness]
    return [str(len(others)), *figures, str(called["duplicate"]), str(called["related"])]


if __name__ == "__main__":
    sys.exit(main())
