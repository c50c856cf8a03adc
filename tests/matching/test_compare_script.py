"""The comparison of two rankings, run as a user runs it."""

import json
from pathlib import Path

import pytest

from scripts.compare_rankings import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    documents = ({"id": "solar", "title": "Solar | storage"}, {"id": "law", "text": "Patents"})
    needs = ({"id": "n1", "title": "Solar power", "lang": "en"}, {"id": "n2", "title": "Recht"})
    for name, records in (("corpus.jsonl", documents), ("queries.jsonl", needs)):
        (tmp_path / name).write_text("\n".join(json.dumps(record) for record in records))
    (tmp_path / "qrels.tsv").write_text("n1\tsolar\t1\nn2\tlaw\t1\n")
    (tmp_path / "before.tsv").write_text("n1\tsolar\t9\nn1\tlaw\t1\nn2\tlaw\t9\n")
    (tmp_path / "after.tsv").write_text("n1\tlaw\t9\nn1\tsolar\t1\nn2\tsolar\t9\n")
    return tmp_path


def compare(folder: Path, *more: str) -> int:
    files = [str(folder / name) for name in ("before.tsv", "after.tsv")]
    return main(["--dataset", str(folder), "--metric", "MRR@100", *files, *more])


def test_losses_are_told_by_kind_and_one_by_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(folder) == 0

    assert capsys.readouterr().out.splitlines() == [
        "| needs | count | before | after | MRR@100 |",
        "| --- | --- | --- | --- | --- |",
        "| all | 2 | 1.000 | .250 | −.750 (−1.000 to −.500) worse |",
        "| en | 1 | 1.000 | .500 | −.500 (−.500 to −.500) worse |",
        "| not told | 1 | 1.000 | .000 | −1.000 (−1.000 to −1.000) worse |",
        "| up to 3 words | 2 | 1.000 | .250 | −.750 (−1.000 to −.500) worse |",
        "",
        "| need | before | after | now leads |",
        "| --- | --- | --- | --- |",
        "| n2: Recht | 1.000, place 1 | .000, not found | solar: Solar / storage |",
        "| n1: Solar power | 1.000, place 1 | .500, place 2 | law: Patents |",
        "",
    ]


def test_a_short_list_is_enough(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(folder, "--worst", "1") == 0

    out = capsys.readouterr().out
    assert "n2: Recht" in out
    assert "n1: Solar power" not in out


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("qrels.tsv", "n1\tsolar\tgood\n", "qrels.tsv, line 1"),
        ("after.tsv", "n1 solar 9\n", "after.tsv, line 1"),
        ("qrels.tsv", "n7\tsolar\t1\n", "the rankings are of other needs"),
        ("profiles.json", '{"1": {"anna": ["law"]}}', "no judgement of a ranking"),
    ],
)
def test_what_cannot_be_compared_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, problem: str
) -> None:
    (folder / name).write_text(content)

    assert compare(folder) == 2
    assert problem in capsys.readouterr().err


def test_rankings_of_documents_that_are_gone_show_their_keys(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "after.tsv").write_text("n1\tgone\t9\n")

    assert compare(folder) == 0
    assert "| .000, not found | gone |" in capsys.readouterr().out
    assert main(["--dataset", str(folder), *[str(folder / "none.tsv")] * 2]) == 2
