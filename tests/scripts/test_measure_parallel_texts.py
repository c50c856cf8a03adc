"""The measuring of translated needs, run as a user runs it, without weights."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from matching import HashingEncoder
from matching.encoder_pair import EncoderPair
from scripts.measure_parallel_texts import main

DOCUMENTS = ("Cranes lift containers", "Pumps move water", "Nurses treat patients", "Law")
TEXTS = {
    "de": ("Cranes lift Container", "Pumps move Wasser", "Nurses treat Kranke", "Recht"),
    "fr": ("Grues", "Pompes", "Soins", "Droit"),
}


def folder(where: Path, lang: str, texts: Sequence[str], answers: str = "0123") -> Path:
    own = where / lang
    own.mkdir()
    documents = [{"id": f"d{n}", "title": text, "lang": "en"} for n, text in enumerate(DOCUMENTS)]
    needs = [{"id": f"n{n}", "title": text, "lang": lang} for n, text in enumerate(texts)]
    for name, records in (("corpus.jsonl", documents), ("queries.jsonl", needs)):
        (own / name).write_text("\n".join(json.dumps(record) for record in records))
    lines = [f"n{n}\td{answer}\t1\n" for n, answer in enumerate(answers)]
    (own / "qrels.tsv").write_text("".join(lines))
    return own


def measure(*arguments: str) -> int:
    pair = EncoderPair(HashingEncoder(64), HashingEncoder(64))
    return main(arguments, bundled=lambda _: pair)


def test_lists_of_every_two_languages_are_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [str(folder(tmp_path, lang, texts)) for lang, texts in TEXTS.items()]

    assert measure(*folders, "--sentences", "2") == 0

    _, _, *rows = capsys.readouterr().out.strip().splitlines()
    found = [line.strip("| ").split(" | ") for line in rows]
    assert [line[:2] for line in found] == [["en, de", "2"], ["en, fr", "2"], ["de, fr", "2"]]
    assert all(0 < float(line[3]) <= float(line[2]) <= 1 for line in found)


def documents(where: Path, lang: str, prefix: str = "") -> str:
    file = where / f"{lang}.jsonl"
    texts = TEXTS.get(lang, DOCUMENTS)
    records = (
        {"id": f"{prefix}{n}", "title": text, "text": f"{text}, {text}", "lang": lang}
        for n, text in enumerate(texts)
    )
    file.write_text("\n".join(map(json.dumps, records)))
    return str(file)


def test_documents_in_several_languages_are_asked_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [documents(tmp_path, "en"), documents(tmp_path, "de", "de-")]

    assert measure(*files, "--needs", "3", "--among", "3", "--sentences", "1") == 0

    *_, row = capsys.readouterr().out.strip().splitlines()
    pair, asked, overlap, least = row.strip("| ").split(" | ")
    assert (pair, asked) == ("en, de", "3")
    assert 0 < float(least) <= float(overlap) <= 1


@pytest.mark.parametrize("prefix", ["fr-", "x"])
def test_files_without_a_document_in_common_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], prefix: str
) -> None:
    files = [documents(tmp_path, "en"), documents(tmp_path, "de", prefix)]

    assert measure(*files) == 2

    assert "no document is in all files" in capsys.readouterr().err


def test_at_least_one_need_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [documents(tmp_path, "en"), documents(tmp_path, "de", "de-")]

    assert measure(*files, "--needs", "0") == 2

    assert "--needs must be at least 1" in capsys.readouterr().err


@pytest.mark.parametrize(("lang", "answers"), [("fr", "1023"), ("fr", "012"), ("en", "0123")])
def test_folders_that_are_no_translations_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, answers: str
) -> None:
    one = folder(tmp_path, "de", TEXTS["de"])
    other = folder(tmp_path, lang, TEXTS["fr"], answers)

    assert measure(str(one), str(other)) == 2

    assert "Cannot measure: " in capsys.readouterr().err
