"""Real texts to measure speed with: a line of JSON each, possibly compressed."""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from matching.evaluation.benchmark import UnusableBenchmark

_FORMS = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True, slots=True)
class SpeedText:
    key: str
    title: str
    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class SpeedTexts:
    """Texts as long as those the matching meets. ``need`` is a theme and six requirements."""

    labels: Sequence[str]
    requirements: Sequence[str]
    passages: Sequence[str]
    need: Sequence[str]

    @classmethod
    def drawn(cls, corpus: Sequence[SpeedText], count: int, random: np.random.Generator) -> Self:
        """:raises UnusableBenchmark: if too few texts are long enough"""
        passages = [cut(each.text, 400) for each in corpus if len(each.text) >= 400]
        titles = [cut(each.title, 30) for each in corpus if len(each.title) >= 20]
        if min(len(passages), len(titles)) < 2 * count:
            raise UnusableBenchmark(f"There are fewer than {2 * count} texts of 400 characters.")
        chosen = _drawn(passages, 2 * count, random)
        requirements = [cut(text, 100) for text in chosen[count:]]
        return cls(
            labels=_drawn(titles, count, random),
            requirements=requirements,
            passages=chosen[:count],
            need=[f"{chosen[0]} {chosen[1]}", *requirements[:6]],
        )


def _drawn(texts: Sequence[str], count: int, random: np.random.Generator) -> list[str]:
    return [texts[number] for number in random.choice(len(texts), count, replace=False)]


def read_speed_corpus(source: Path) -> list[SpeedText]:
    """A file, or all files of a folder in order of name.

    :raises UnusableBenchmark: if there is none or a line is not a text
    """
    files = sorted(source.iterdir()) if source.is_dir() else [source]
    readable = [file for file in files if file.name.endswith(_FORMS) and file.is_file()]
    if not readable:
        raise UnusableBenchmark(f"There is no file of texts (jsonl or jsonl.gz) at {source}.")
    return [text for file in readable for text in _texts(file)]


def cut(text: str, length: int) -> str:
    """At most so many characters, up to the end of a word where there is one."""
    return text if len(text) <= length else text[: length + 1].rsplit(" ", 1)[0][:length]


def _texts(file: Path) -> Iterator[SpeedText]:
    opened = gzip.open if file.suffix == ".gz" else open
    try:
        with opened(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                fields = json.loads(line)
                lang = fields.get("lang") or ""
                yield SpeedText(fields["id"], fields["title"], fields["text"], lang)
    except (OSError, EOFError, ValueError, KeyError, AttributeError, TypeError) as problem:
        raise UnusableBenchmark(f"{file.name} cannot be read: {problem!r}.") from problem
