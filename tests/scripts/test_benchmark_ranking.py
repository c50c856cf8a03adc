"""The benchmark of rankings runs from texts to a table."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from matching import Encoder, HashingEncoder
from scripts.benchmark_ranking import main

KINDS = ("white", "brown", "old", "torn", "wet", "printed", "thick", "thin")
SENTENCES = [f"We build a machine that sorts {kind} paper." for kind in KINDS]


def hashing(_models: Path) -> Encoder:
    return HashingEncoder(64)


TEXTS = [
    {"id": str(n), "title": f"Machine {n}", "text": " ".join(SENTENCES), "lang": "en"}
    for n in range(12)
]


def run(folder: Path, lines: Sequence[object], *more: str) -> int:
    corpus = folder / "texts.jsonl"
    corpus.write_text("\n".join(json.dumps(line) for line in lines))
    options = ["--corpus", str(corpus), "--json", str(folder / "figures.json")]
    sizes = ["--profiles", "4", "8", "--needs", "3"]
    return main([*options, *sizes, *more], encoders={"static": hashing})


@pytest.mark.slow
def test_every_size_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, TEXTS) == 0

    small, large = json.loads((tmp_path / "figures.json").read_text())
    assert (small["profiles"], large["profiles"]) == (4, 8)
    assert large["windows"] > small["windows"] > 0
    assert min(large["ours_ms"]) > 0
    assert "4 profiles | 8 profiles | growth" in capsys.readouterr().out


@pytest.mark.slow
def test_what_is_kept_is_not_learned_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep = ("--keep", str(tmp_path / "kept"))
    assert run(tmp_path, TEXTS, *keep) == 0
    assert "| – | – |" not in capsys.readouterr().out

    assert run(tmp_path, TEXTS, *keep) == 0

    assert "| – | – |" in capsys.readouterr().out


def test_texts_too_short_for_a_need_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, [{"id": "1", "title": "Short", "text": "Too short.", "lang": "en"}]) == 2
    assert "no text has six sentences" in capsys.readouterr().err


def test_an_unreadable_corpus_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, ["no text"]) == 2
    assert "Cannot measure" in capsys.readouterr().err
