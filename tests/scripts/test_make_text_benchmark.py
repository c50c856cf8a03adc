"""Texts without judgements are made into a folder that the evaluation reads."""

import json
from pathlib import Path

import pytest

from matching.evaluation.benchmark import read_benchmark
from scripts.make_text_benchmark import main

LONG = "Nous levons des charges. La grue est neuve. Le port dort la nuit. Le quai est long."
TEXTS = [
    {"id": "crane", "title": "Grue", "text": LONG, "lang": "fr"},
    {"id": "oven", "title": "Four", "text": "Le four cuit du pain.", "lang": "fr"},
    {"id": "pump", "title": "Pumpe", "text": "Sie fördert Wasser.", "lang": "de"},
    {"id": "nameless", "title": "", "text": "Sans titre.", "lang": "fr"},
]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    file = tmp_path / "texts.jsonl"
    file.write_text("\n".join(map(json.dumps, TEXTS)))
    return file


def test_titles_ask_for_the_texts_they_head(corpus: Path, tmp_path: Path) -> None:
    assert main([str(tmp_path / "made"), "--corpus", str(corpus), "--lang", "fr"]) == 0

    made = read_benchmark(tmp_path / "made")
    assert {need.key: (need.title, need.text) for need in made.needs} == {
        "crane": ("Grue", ""),
        "oven": ("Four", ""),
    }
    assert {key: (text.title, text.text) for key, text in made.documents.items()} == {
        "crane": ("", LONG),
        "oven": ("", "Le four cuit du pain."),
    }
    assert made.grades == {"crane": {"crane": 1}, "oven": {"oven": 1}}


def test_the_first_half_asks_for_the_second(corpus: Path, tmp_path: Path) -> None:
    assert main([str(tmp_path / "made"), "--corpus", str(corpus), "--by", "halves"]) == 0

    made = read_benchmark(tmp_path / "made")
    [need] = made.needs
    assert (need.title, need.text) == ("", "Nous levons des charges. La grue est neuve.")
    assert made.documents["crane"].text == "Le port dort la nuit. Le quai est long."


def test_more_texts_keep_those_that_were_drawn(corpus: Path, tmp_path: Path) -> None:
    for size in "12":
        main([str(tmp_path / size), "--corpus", str(corpus), "--documents", size, "--needs", "1"])

    few, many = (read_benchmark(tmp_path / size) for size in "12")
    assert list(many.documents)[:1] == list(few.documents)
    assert [need.key for need in many.needs] == [need.key for need in few.needs]


@pytest.mark.parametrize("options", [["--lang", "en"], ["--lang", "de", "--by", "halves"]])
def test_nothing_to_ask_for_is_said(
    options: list[str], corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "made"), "--corpus", str(corpus), *options]) == 2
    assert "can be asked for" in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_texts_that_cannot_be_read_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "made"), "--corpus", str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl" in capsys.readouterr().err
