"""A folder with documents, needs and judgements, read into what the engine understands."""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import Any

from matching.documents import Need, Passage, PassageKind, Profile

LONGEST_TEXT = 12_000
"""Characters of a document that are read: about 25 passages, more than any profile has."""

_HEAD = "query-id"


class UnusableBenchmark(Exception):
    """A benchmark folder lacks a file or a file has another form; the text says which."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    profiles: list[Profile]
    needs: list[Need]
    grades: Mapping[str, Mapping[str, float]]


def read_benchmark(folder: Path, *, queries: str = "queries.jsonl") -> Benchmark:
    """Read ``corpus.jsonl``, ``queries.jsonl`` (each may be gzipped) and ``qrels.tsv``.

    :param queries: another name of the file with the needs; ``queries_x.jsonl`` is judged by
        ``qrels_x.tsv`` if there is one
    :raises UnusableBenchmark: naming every file that is missing, or the line that is wrong
    """
    own_judgements = queries.replace("queries", "qrels", 1).split(".")[0] + ".tsv"
    judgements = own_judgements if (folder / own_judgements).is_file() else "qrels.tsv"
    names = ("corpus.jsonl", queries, judgements)
    files = {name: _existing(folder / name) for name in names}
    missing = [name for name, file in files.items() if file is None]
    if missing:
        raise UnusableBenchmark(f"{folder} lacks {', '.join(missing)}.")
    corpus, asked, judged = (file for file in files.values() if file is not None)
    return Benchmark(
        [_profile(fields) for fields in _records(corpus)],
        [_need(fields) for fields in _records(asked)],
        _grades(judged),
    )


def is_in_part(need_key: str, part: str) -> bool:
    """Whether a need is in a part: "dev" is the quarter to tune on, "test" the rest, or "all"."""
    in_dev = sha1(need_key.encode(), usedforsecurity=False).hexdigest()[0] in "0123"
    return part == "all" or (part == "dev") == in_dev


def _existing(file: Path) -> Path | None:
    zipped = file.with_name(f"{file.name}.gz")
    return next((each for each in (file, zipped) if each.is_file()), None)


def _records(file: Path) -> Iterator[dict[str, Any]]:
    content = file.read_bytes()
    text = (gzip.decompress(content) if file.suffix == ".gz" else content).decode()
    for number, line in enumerate(text.rstrip("\n").split("\n"), 1):
        try:
            fields = json.loads(line)
            yield {**fields, "id": str(fields["id"])}
        except (ValueError, KeyError, TypeError) as error:
            raise UnusableBenchmark(f"{file.name}, line {number}: {error!r}.") from error


def _profile(fields: Mapping[str, Any]) -> Profile:
    title, text, language = _texts(fields)
    passage = Passage("text", PassageKind.DESCRIPTION, text[:LONGEST_TEXT], language, title=title)
    return Profile(fields["id"], (passage,))


def _need(fields: Mapping[str, Any]) -> Need:
    return Need(fields["id"], *_texts(fields))


def _texts(fields: Mapping[str, Any]) -> tuple[str, str, str]:
    title, text, language = (fields.get(name) or "" for name in ("title", "text", "lang"))
    return str(title), str(text), str(language)


def _grades(file: Path) -> dict[str, dict[str, float]]:
    grades: dict[str, dict[str, float]] = {}
    for number, line in enumerate(file.read_text().splitlines(), 1):
        columns = line.split("\t")
        if len(columns) < 3 or columns[0] == _HEAD:
            continue
        try:
            grades.setdefault(columns[0], {})[columns[1]] = float(columns[2])
        except ValueError as error:
            raise UnusableBenchmark(f"{file.name}, line {number}: {error}.") from error
    return grades
