"""Rankings in files: one line a place, with the keys of need and document and the score."""

from collections.abc import Mapping, Sequence
from pathlib import Path

Run = Mapping[str, Sequence[tuple[str, float]]]
"""The best keys for each need with their scores, best first."""


class UnusableRun(Exception):
    """A file with rankings has another form; the text says where."""


def write_run(file: Path, run: Run) -> None:
    lines = (
        f"{need}\t{document}\t{score!r}\n"
        for need, ranking in run.items()
        for document, score in ranking
    )
    file.write_text("".join(lines))


def read_run(file: Path) -> dict[str, list[tuple[str, float]]]:
    """:raises UnusableRun: if there is no such file, or naming the line that is wrong"""
    if not file.is_file():
        raise UnusableRun(f"there is no {file}.")
    run: dict[str, list[tuple[str, float]]] = {}
    for number, line in enumerate(file.read_text().splitlines(), 1):
        try:
            need, document, score = line.split("\t")
            run.setdefault(need, []).append((document, float(score)))
        except ValueError as error:
            raise UnusableRun(f"{file.name}, line {number}: {error}.") from error
    return {need: sorted(ranking, key=_place) for need, ranking in run.items()}


def _place(entry: tuple[str, float]) -> tuple[float, str]:
    key, score = entry
    return -score, key
