"""Puts figures that evaluate_matching has written for several folders into one table."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from matching.evaluation.overview import SetFigures, UnusableReport, overview


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        print(overview([_read(*chosen) for chosen in options.set]))
    except UnusableReport as problem:
        print(f"Cannot summarise: {problem}", file=sys.stderr)
        return 2
    return 0


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument(
        "--set",
        nargs=3,
        action="append",
        required=True,
        metavar=("NAME", "JSON", "FIGURE"),
        help="what to call a folder, its figures, and which of them to show; once a folder",
    )
    return parser.parse_args(arguments)


def _read(name: str, file: str, metric: str) -> SetFigures:
    try:
        report = json.loads(Path(file).read_text())
    except (OSError, ValueError) as error:
        raise UnusableReport(f"{file} cannot be read: {error}.") from error
    return SetFigures.of(name, metric, report)


if __name__ == "__main__":
    sys.exit(main())
