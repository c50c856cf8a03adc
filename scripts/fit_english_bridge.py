"""Fits the bridge from the multilingual encoder to the English one on English texts."""

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from matching.background_texts import STATEMENTS
from matching.bundled_model import default_encoder
from matching.encoder import Vectors, unit
from matching.language_bridge import BRIDGE_FILE, fit_bridge
from matching.recipe import closed
from matching.text import Word, content_words, sentences

_LENGTHS = range(21, 220)
"""Characters of a sentence that is taken."""
_SHORTEST = 3
_WORDS = 5000
"""So many of the most frequent words are texts of their own, for labels are short."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    texts = _texts([each for file in options.texts for each in _records(file)])
    print(f"{len(texts)} texts", file=sys.stderr)
    pair = default_encoder(options.models)
    sides = (_centred(encode, texts) for encode in (pair.general.encode_passages, pair.specialised))
    np.save(options.to, fit_bridge(*sides).astype(np.float16))
    return 0


def _centred(encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Vectors:
    return unit(encode(texts) - encode(STATEMENTS["en"]).mean(axis=0))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path, nargs="+", help="JSON lines with title, text, lang")
    parser.add_argument("--to", type=Path, default=BRIDGE_FILE)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="models' home")
    return parser.parse_args(arguments)


def _records(file: Path) -> Iterator[dict[str, Any]]:
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    records = map(json.loads, content.decode().rstrip("\n").split("\n"))
    yield from (record for record in records if record["lang"] == "en")


def _texts(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """A sentence of each record, the titles, and the most frequent words of all these."""
    chance = Random(1)  # noqa: S311 -- a choice of samples, no secret
    found = [one for one in (_sentence(record, chance) for record in records) if one]
    found += [_cased(record["title"]) for record in records if record["title"].strip()]
    counts = Counter(
        word.text.lower() for text in found for word in content_words(text, "en") if _is_word(word)
    )
    found += [word for word, _ in counts.most_common(_WORDS)]
    return sorted(set(map(closed, found)))


def _sentence(record: Mapping[str, Any], chance: Random) -> str:
    text = record["text"] or ""
    fitting = [text[start:end] for start, end in sentences(text) if end - start in _LENGTHS]
    return chance.choice(fitting) if fitting else ""


def _cased(title: str) -> str:
    return title.capitalize() if title.isupper() else title


def _is_word(word: Word) -> bool:
    return word.text.isalpha() and len(word.text) > _SHORTEST


if __name__ == "__main__":
    sys.exit(main())
