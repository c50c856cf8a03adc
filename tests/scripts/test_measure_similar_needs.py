"""The measuring of similar needs, run as a user runs it."""

import gzip
import json
from pathlib import Path

import pytest

from matching import HashingEncoder
from matching.encoder_pair import EncoderPair
from scripts.measure_similar_needs import main

NEEDS = (
    {"id": "a", "title": "Power at night", "text": "Storing solar power.", "lang": "en"},
    {"id": "b", "title": "Power at Night", "text": "Storing solar power.", "lang": "en"},
    {"id": "c", "title": "Brot", "text": "Brot für Kantinen.", "lang": "de"},
)


@pytest.mark.parametrize("name", ["needs.jsonl", "needs.jsonl.gz"])
def test_pairs_are_told_by_languages_and_titles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    text = "\n".join(json.dumps(need) for need in NEEDS).encode()
    file = tmp_path / name
    file.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    pair = EncoderPair(HashingEncoder(256), HashingEncoder(128))

    assert main([str(file), "--cache", str(tmp_path)], bundled=lambda _: pair) == 0

    lines = [line.split(" | ") for line in capsys.readouterr().out.splitlines()]
    assert [(line[0], line[1], line[7]) for line in lines[2:]] == [
        ("| one language, same title", "1", "1"),
        ("| two languages, others", "2", "0"),
    ]
