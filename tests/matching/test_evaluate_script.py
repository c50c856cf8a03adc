"""The evaluation, run as a user runs it."""

import json
from pathlib import Path
from typing import Any

import pytest

from matching import HashingEncoder
from matching.encoder_pair import EncoderPair
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


def write_lines(file: Path, records: tuple[dict[str, str], ...]) -> None:
    file.write_text("\n".join(json.dumps(record) for record in records))


def write_folder(folder: Path, judgements: str = "q1\tbread\t1\nq2\tlaw\t1\n") -> Path:
    write_lines(folder / "corpus.jsonl", CORPUS)
    write_lines(folder / "queries.jsonl", QUERIES)
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tgrade\n" + judgements)
    return folder


def options(folder: Path, *more: str) -> list[str]:
    run, figures = folder / "run.tsv", folder / "figures.json"
    return ["--dataset", str(folder), "--run", str(run), "--json", str(figures), *more]


def evaluate(folder: Path, *more: str) -> int:
    """With encoders that need no weights."""
    pair = EncoderPair(HashingEncoder(256), HashingEncoder(128))
    return main(options(folder, *more), bundled=lambda _: pair)


def figures_of(folder: Path) -> Any:
    return json.loads((folder / "figures.json").read_text())


def run_of(folder: Path) -> list[list[str]]:
    return [line.split("\t") for line in (folder / "run.tsv").read_text().splitlines()]


@pytest.mark.slow
def test_a_folder_is_ranked_and_measured(tmp_path: Path, model_folder: Path) -> None:
    folder = write_folder(tmp_path)

    code = main(options(folder, "--model", str(model_folder), "--cache", str(folder / "cache")))

    figures, lines = figures_of(folder), run_of(folder)
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


def test_alone_the_engine_is_measured_and_nothing_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_folder(tmp_path)

    assert evaluate(folder) == 0

    figures = figures_of(folder)
    assert json.loads(capsys.readouterr().out) == figures["metrics"]
    assert list(figures["metrics"]) == ["nDCG@10", "MRR@100", "R@10", "R@100", "hit@10"]
    assert (figures["queries"], figures["documents"], figures["beside"]) == (2, 3, {})
    assert {"seconds", "engine"} < figures.keys()
    assert [line[0] for line in run_of(folder)] == ["q1"] * 3 + ["q2"] * 3


def test_systems_stand_beside_the_engine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Needs and documents share no word, so that word search is left with the order of keys."""
    folder = write_folder(tmp_path, "q1\tbread\t1\nq2\tsolar\t1\n")

    assert evaluate(folder, "--beside", "sum,bm25", "--table", str(folder / "table.md")) == 0

    beside = figures_of(folder)["beside"]
    assert list(beside) == ["bm25", "sum"]
    assert beside["bm25"]["metrics"]["MRR@100"]["mean"] == pytest.approx((1 + 1 / 3) / 2)
    ours = figures_of(folder)["metrics"]["MRR@100"]["mean"]
    gain = beside["bm25"]["ours_minus_theirs"]["MRR@100"]
    assert gain["mean"] == pytest.approx(ours - beside["bm25"]["metrics"]["MRR@100"]["mean"])
    table = (folder / "table.md").read_text()
    assert table.count("| BM25 (k1 .9, b .4) |") == 2
    assert capsys.readouterr().out == table + "\n"


def test_rankings_of_the_systems_beside_ours_are_kept(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)

    assert evaluate(folder, "--beside", "e5,minilm", "--beside-runs", str(folder / "runs")) == 0

    assert sorted(file.name for file in (folder / "runs").iterdir()) == ["e5.tsv", "minilm.tsv"]
    assert (folder / "runs" / "e5.tsv").read_text().count("\n") == 6


def test_a_system_nobody_knows_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        evaluate(write_folder(tmp_path), "--beside", "bm25,oracle")

    assert "no system oracle; there are bm25," in capsys.readouterr().err


def test_a_part_and_a_limit_take_fewer_needs(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)

    assert evaluate(folder, "--limit-queries", "1") == 0
    assert {line[0] for line in run_of(folder)} == {"q1"}


def test_files_may_have_other_names(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "corpus.jsonl").rename(folder / "corpus_xx.jsonl")
    (folder / "qrels.tsv").rename(folder / "judged.tsv")

    assert evaluate(folder, "--corpus", "corpus_xx.jsonl", "--qrels", "judged.tsv") == 0


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (write_folder(tmp_path) / "qrels.tsv").unlink()

    assert evaluate(tmp_path) == 2
    assert "lacks qrels.tsv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("judgements", "problem"),
    [
        ("other\tlaw\t1\n", "no query of this part has a judgement"),
        ("q1\tother\t1\n", "none of the judged documents is in the corpus"),
    ],
)
def test_judgements_of_something_else_measure_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], judgements: str, problem: str
) -> None:
    assert evaluate(write_folder(tmp_path, judgements)) == 2
    assert problem in capsys.readouterr().err
    assert not (tmp_path / "figures.json").exists()


def write_experts(folder: Path) -> Path:
    """Two experts in two samplings; anna bakes, ben does law and, in the second, solar power."""
    ratings = "q1\tanna\t5\nq2\tanna\t1\nq1\tben\t2\nq2\tben\t4\n"
    write_folder(folder, ratings)
    samplings = {
        "1": {"anna": ["bread"], "ben": ["law"], "never asked": []},
        "2": {"anna": ["bread"], "ben": ["law", "solar"], "never asked": []},
    }
    (folder / "profiles.json").write_text(json.dumps(samplings))
    return folder


def test_experts_are_told_apart(tmp_path: Path) -> None:
    """Both share no word with the law need, so that word search loses half of ben's pair: his gap
    of 2 among 4 + 2.
    """
    folder = write_experts(tmp_path)
    write_lines(folder / "queries.jsonl", ({"id": "q1", "title": "Brot"}, QUERIES[1]))

    assert evaluate(folder, "--beside", "bm25") == 0

    figures = figures_of(folder)
    assert list(figures["metrics"]) == ["loss", "easy"]
    assert figures["beside"]["bm25"]["metrics"]["loss"]["mean"] == pytest.approx(1 / 6)
    assert figures["beside"]["bm25"]["metrics"]["easy"]["mean"] == pytest.approx(1 / 2)
    assert (figures["queries"], figures["documents"]) == (2, 3)
    assert run_of(folder)[0][:2] == ["q1", "anna"]
    assert len(run_of(folder)) == 4


def test_an_expert_without_a_profile_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_experts(tmp_path)
    (folder / "profiles.json").write_text('{"1": {"anna": ["bread"]}}')

    assert evaluate(folder) == 2
    assert "ben has no profile in sampling 1" in capsys.readouterr().err


def test_experts_without_ratings_measure_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_experts(tmp_path)
    (folder / "qrels.tsv").write_text("q9\tanna\t5\n")

    assert evaluate(folder) == 2
    assert "no query of this part has a judgement" in capsys.readouterr().err
