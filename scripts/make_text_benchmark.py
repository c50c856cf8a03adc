"""Makes a benchmark folder of texts without judgements: whether a part of one finds the rest."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from matching.documents import Passage
from matching.evaluation.benchmark import UnusableBenchmark, read_documents
from matching.text import sentences

_FEWEST_SENTENCES = 4
"""A text that is cut in halves has at least so many: two for the need, two for the document."""


class Pair(NamedTuple):
    """A need, and the document that answers it."""

    title: str
    need: str
    document: str


def by_title(text: Passage) -> Pair | None:
    """The title asks, the text without it answers. None if one is missing."""
    return Pair(text.title, "", text.text) if text.title.strip() and text.text.strip() else None


def by_halves(text: Passage) -> Pair | None:
    """The first half of the sentences asks, the second half answers; neither has the title."""
    cuts = sentences(text.text)
    middle = len(cuts) // 2
    if len(cuts) < _FEWEST_SENTENCES:
        return None
    return Pair("", text.text[: cuts[middle][0]].strip(), text.text[cuts[middle][0] :].strip())


WAYS: Mapping[str, Callable[[Passage], Pair | None]] = {"title": by_title, "halves": by_halves}


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        texts = read_documents(options.corpus)
    except (OSError, UnusableBenchmark) as problem:
        print(f"Cannot read the texts: {problem}", file=sys.stderr)
        return 2
    spoken = [each for each in texts if options.lang in ("", each.lang)]
    chosen = sorted(spoken, key=lambda text: _lot(text.key))
    pairs = [(text, pair) for text in chosen if (pair := WAYS[options.by](text))]
    if not pairs:
        print(f"No text of {options.corpus} can be asked for by {options.by}.", file=sys.stderr)
        return 2
    documents = pairs[: options.documents]
    _write(options.folder, documents, documents[: options.needs])
    return 0


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write the benchmark")
    parser.add_argument("--corpus", type=Path, required=True, help="texts: corpus.jsonl or .gz")
    parser.add_argument("--by", choices=WAYS, default="title", help="what is asked with")
    parser.add_argument("--lang", default="", help="only texts in this language; all if not given")
    parser.add_argument("--documents", type=int, default=2000, help="at most so many")
    parser.add_argument("--needs", type=int, default=300, help="at most so many")
    return parser.parse_args(arguments)


def _lot(key: str) -> str:
    """The same texts are drawn by everybody, and fewer of them are the first of more."""
    return sha256(key.encode()).hexdigest()


def _write(
    folder: Path,
    documents: Sequence[tuple[Passage, Pair]],
    needs: Sequence[tuple[Passage, Pair]],
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _write_lines(folder / "corpus.jsonl", (_line(t, "", pair.document) for t, pair in documents))
    _write_lines(folder / "queries.jsonl", (_line(t, pair.title, pair.need) for t, pair in needs))
    judged = [f"{text.key}\t{text.key}\t1" for text, _ in needs]
    _write_lines(folder / "qrels.tsv", ["query-id\tcorpus-id\tgrade", *judged])


def _line(text: Passage, title: str, said: str) -> str:
    fields = {"id": text.key, "title": title, "text": said, "lang": text.lang}
    return json.dumps(fields, ensure_ascii=False)


def _write_lines(file: Path, lines: Iterable[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
