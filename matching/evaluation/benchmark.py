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
_PROFILES = "profiles.json"


class UnusableBenchmark(Exception):
    """A benchmark folder lacks a file or a file has another form; the text says which."""


@dataclass(frozen=True, slots=True)
class Files:
    """Names of a benchmark's files: within its folder, or else paths of their own. Each may be
    gzipped. Needs of ``queries_x.jsonl`` are judged by ``qrels_x.tsv`` if there is one.
    """

    corpus: str = "corpus.jsonl"
    queries: str = "queries.jsonl"
    qrels: str = ""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """``grades`` by need and document. ``samplings`` is empty unless documents belong to experts:
    then it has, by name of a sampling, the documents of each expert, and grades are by need
    and expert.
    """

    documents: Mapping[str, Passage]
    needs: list[Need]
    grades: Mapping[str, Mapping[str, float]]
    samplings: Mapping[str, Mapping[str, list[str]]]

    @property
    def profiles(self) -> list[Profile]:
        """One profile a document."""
        return [Profile(key, (document,)) for key, document in self.documents.items()]


def read_benchmark(folder: Path, files: Files | None = None) -> Benchmark:
    """Read documents, needs and judgements and, where there are any, the experts' profiles.

    :raises UnusableBenchmark: naming every file that is missing, or what is wrong in which
    """
    named = files or Files()
    names = (named.corpus, named.queries, named.qrels or _own_judgements(folder, named.queries))
    found = [_existing(folder, name) for name in names]
    missing = [name for name, file in zip(names, found, strict=True) if file is None]
    if missing:
        raise UnusableBenchmark(f"{folder} lacks {', '.join(missing)}.")
    corpus, queries, qrels = (file for file in found if file is not None)
    documents = {document.key: document for document in read_documents(corpus)}
    return Benchmark(
        documents,
        [Need(fields["id"], *_texts(fields)) for fields in _records(queries)],
        _grades(qrels),
        _samplings(folder / _PROFILES, documents),
    )


def read_documents(corpus: Path) -> list[Passage]:
    """:raises UnusableBenchmark: naming the line that cannot be read"""
    return [_document(fields) for fields in _records(corpus)]


def is_in_part(need_key: str, part: str) -> bool:
    """Whether a need is in a part: "dev" is the quarter to tune on, "test" the rest, or "all"."""
    in_dev = sha1(need_key.encode(), usedforsecurity=False).hexdigest()[0] in "0123"
    return part == "all" or (part == "dev") == in_dev


def _own_judgements(folder: Path, queries: str) -> str:
    own = queries.replace("queries", "qrels", 1).split(".")[0] + ".tsv"
    return own if (folder / own).is_file() else "qrels.tsv"


def _existing(folder: Path, name: str) -> Path | None:
    candidates = (folder / name, folder / f"{name}.gz", Path(name), Path(f"{name}.gz"))
    return next((file for file in candidates if file.is_file()), None)


def _records(file: Path) -> Iterator[dict[str, Any]]:
    seen = set()
    for number, line in enumerate(_text(file).rstrip("\n").split("\n"), 1):
        try:
            fields = json.loads(line)
            key = str(fields["id"])
        except (ValueError, KeyError, TypeError) as error:
            raise UnusableBenchmark(f"{file.name}, line {number}: {error!r}.") from error
        if key in seen:
            raise UnusableBenchmark(f"{file.name}, line {number}: {key} is there twice.")
        seen.add(key)
        yield {**fields, "id": key}


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
        return (gzip.decompress(content) if file.suffix == ".gz" else content).decode()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UnusableBenchmark(f"{file.name}: {error}.") from error


def _document(fields: Mapping[str, Any]) -> Passage:
    title, text, language = _texts(fields)
    kind = PassageKind.DESCRIPTION
    return Passage(fields["id"], kind, text[:LONGEST_TEXT], language, title=title)


def _texts(fields: Mapping[str, Any]) -> tuple[str, str, str]:
    title, text, language = (fields.get(name) or "" for name in ("title", "text", "lang"))
    return str(title), str(text), str(language)


def _grades(file: Path) -> dict[str, dict[str, float]]:
    grades: dict[str, dict[str, float]] = {}
    for number, line in enumerate(_text(file).splitlines(), 1):
        columns = line.split("\t")
        if len(columns) < 3 or columns[0] == _HEAD:
            continue
        try:
            grades.setdefault(columns[0], {})[columns[1]] = float(columns[2])
        except ValueError as error:
            raise UnusableBenchmark(f"{file.name}, line {number}: {error}.") from error
    return grades


def _samplings(file: Path, documents: Mapping[str, Passage]) -> dict[str, dict[str, list[str]]]:
    if not file.is_file():
        return {}
    try:
        samplings: dict[str, dict[str, list[str]]] = json.loads(_text(file))
        named = {key for experts in samplings.values() for keys in experts.values() for key in keys}
    except (ValueError, AttributeError, TypeError) as error:
        raise UnusableBenchmark(f"{file.name}: {error!r}.") from error
    if named - documents.keys():
        raise UnusableBenchmark(f"{file.name}: no document {min(named - documents.keys())}.")
    return samplings
