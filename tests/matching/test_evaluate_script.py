"""The evaluation, run as a user runs it."""

import json
from pathlib import Path

import pytest

from scripts.evaluate_matching import main

CORPUS = (
    {"id": "solar", "title": "Solar storage", "text": "We store solar power overnight."},
    {"id": "law", "title": "Avocats", "text": "Nous conseillons en droit des sociétés."},
    {"id": "bread", "title": "Brot", "text": "Wir backen Brot für Kantinen."},
)
QUERIES = (
    {"id": "q1", "title": "Bäckerei für eine Schule", "text": ""},
    {"id": "q2", "title": "legal advice for a company"},
    {"id": "q3", "title": "never judged"},
)


def write_folder(folder: Path) -> Path:
    for name, records in (("corpus.jsonl", CORPUS), ("queries.jsonl", QUERIES)):
        (folder / name).write_text("\n".join(json.dumps(record) for record in records))
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tgrade\nq1\tbread\t1\nq2\tlaw\t1\n")
    return folder


def options(folder: Path, *more: str) -> list[str]:
    run, figures = folder / "run.tsv", folder / "figures.json"
    return ["--dataset", str(folder), "--run", str(run), "--json", str(figures), *more]


@pytest.mark.slow
def test_a_folder_is_ranked_and_measured(tmp_path: Path, model_folder: Path) -> None:
    folder = write_folder(tmp_path)

    code = main(options(folder, "--model", str(model_folder), "--cache", str(folder / "cache")))

    figures = json.loads((folder / "figures.json").read_text())
    lines = [line.split("\t") for line in (folder / "run.tsv").read_text().splitlines()]
    assert code == 0
    assert [line[:2] for line in lines if line[1] in {"bread", "law"}][0::2] == [
        ["q1", "bread"],
        ["q2", "law"],
    ]
    assert len(lines) == 6
    assert all(float(score) >= 0 for _, _, score in lines)
    assert figures["metrics"]["MRR@100"] == {"mean": 1, "low": 1, "high": 1}
    assert (figures["queries"], figures["documents"]) == (2, 3)
    assert figures["engine"]["model"].startswith("multilingual-e5-small@")


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (write_folder(tmp_path) / "qrels.tsv").unlink()

    assert main(options(tmp_path)) == 2
    assert "lacks qrels.tsv" in capsys.readouterr().err


def test_needs_without_judgement_cannot_be_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (write_folder(tmp_path) / "qrels.tsv").write_text("other\tlaw\t1\n")

    assert main(options(tmp_path)) == 2
    assert "no query of this part has a judgement" in capsys.readouterr().err
