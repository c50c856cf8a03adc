"""Benchmark folders in the forms they come in."""

import gzip
import json
from pathlib import Path

import pytest

from matching.documents import Need
from matching.evaluation.benchmark import Files, UnusableBenchmark, is_in_part, read_benchmark


def write_lines(file: Path, *records: object) -> None:
    text = "\n".join(json.dumps(record) for record in records)
    if file.suffix == ".gz":
        file.write_bytes(gzip.compress(text.encode()))
    else:
        file.write_text(text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_lines(
        tmp_path / "corpus.jsonl.gz",
        {"id": "d1", "title": "Title", "text": "Text.", "lang": "en", "more": 1},
        {"id": 2, "text": None},
    )
    write_lines(tmp_path / "queries.jsonl", {"id": "q1", "title": "Need"}, {"id": "q2"})
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tgrade\nq1\td1\t2\nq1\t2\t0\n")
    return tmp_path


def test_fields_may_be_missing(folder: Path) -> None:
    benchmark = read_benchmark(folder)

    first, second = benchmark.profiles
    assert [(p.title, p.text, p.lang) for p in first.passages] == [("Title", "Text.", "en")]
    assert (second.key, second.passages[0].text) == ("2", "")
    assert benchmark.needs == [Need("q1", "Need", ""), Need("q2", "", "")]
    assert benchmark.grades == {"q1": {"d1": 2, "2": 0}}


def test_other_needs_bring_their_own_judgements(folder: Path) -> None:
    write_lines(folder / "queries_hard.jsonl.gz", {"id": "h", "title": "Hard"})
    (folder / "qrels_hard.tsv").write_text("h\td1\t1\n")

    benchmark = read_benchmark(folder, Files(queries="queries_hard.jsonl"))

    assert [need.key for need in benchmark.needs] == ["h"]
    assert benchmark.grades == {"h": {"d1": 1}}


def test_other_needs_without_their_own_judgements_share_the_common_ones(folder: Path) -> None:
    write_lines(folder / "queries_fr.jsonl", {"id": "q1", "title": "Besoin"})

    assert read_benchmark(folder, Files(queries="queries_fr.jsonl")).grades["q1"]["d1"] == 2


def test_documents_and_judgements_may_lie_elsewhere(folder: Path, tmp_path: Path) -> None:
    inner = tmp_path / "task"
    inner.mkdir()
    (folder / "queries.jsonl").rename(inner / "queries.jsonl")
    judgements = str(folder / "qrels.tsv")

    benchmark = read_benchmark(inner, Files(corpus="../corpus.jsonl", qrels=judgements))

    assert list(benchmark.documents) == ["d1", "2"]
    assert benchmark.grades["q1"] == {"d1": 2, "2": 0}


def test_what_is_named_but_not_there_is_missing(folder: Path) -> None:
    with pytest.raises(UnusableBenchmark, match=r"lacks \.\./corpus\.jsonl, judged\.tsv"):
        read_benchmark(folder, Files(corpus="../corpus.jsonl", qrels="judged.tsv"))


def test_everything_that_is_missing_is_named(folder: Path) -> None:
    (folder / "corpus.jsonl.gz").unlink()
    (folder / "qrels.tsv").unlink()

    with pytest.raises(UnusableBenchmark, match=r"lacks corpus\.jsonl, qrels\.tsv"):
        read_benchmark(folder)


@pytest.mark.parametrize("line", ["{", '{"title": "no id"}', '["id"]'])
def test_a_wrong_line_is_named(folder: Path, line: str) -> None:
    (folder / "queries.jsonl").write_text('{"id": "q1"}\n' + line)

    with pytest.raises(UnusableBenchmark, match=r"queries\.jsonl, line 2"):
        read_benchmark(folder)


def test_a_wrong_grade_is_named(folder: Path) -> None:
    (folder / "qrels.tsv").write_text("q1\td1\tgood\n")

    with pytest.raises(UnusableBenchmark, match=r"qrels\.tsv, line 1"):
        read_benchmark(folder)


def test_a_key_that_is_there_twice_is_named(folder: Path) -> None:
    write_lines(folder / "queries.jsonl", {"id": "q1"}, {"id": 2}, {"id": "q1"})

    with pytest.raises(UnusableBenchmark, match=r"queries\.jsonl, line 3: q1 is there twice"):
        read_benchmark(folder)


CUT_OFF = gzip.compress(b'{"id": "d1"}' * 50, mtime=0)[:-12]


@pytest.mark.parametrize("cut", [b"no gzip at all", CUT_OFF], ids=["foreign", "cut off"])
def test_a_broken_archive_is_named(folder: Path, cut: bytes) -> None:
    (folder / "corpus.jsonl.gz").write_bytes(cut)

    with pytest.raises(UnusableBenchmark, match=r"corpus\.jsonl\.gz: "):
        read_benchmark(folder)


def test_experts_have_documents_in_samplings(folder: Path) -> None:
    assert read_benchmark(folder).samplings == {}
    (folder / "profiles.json").write_text('{"1": {"anna": ["d1", "2"]}}')

    assert read_benchmark(folder).samplings == {"1": {"anna": ["d1", "2"]}}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "JSONDecodeError"),
        ('["anna"]', "AttributeError"),
        ('{"1": {"anna": ["d1", "d7"]}}', "no document d7"),
    ],
)
def test_wrong_profiles_of_experts_are_named(folder: Path, content: str, problem: str) -> None:
    (folder / "profiles.json").write_text(content)

    with pytest.raises(UnusableBenchmark, match=rf"profiles\.json: .*{problem}"):
        read_benchmark(folder)


def test_parts_are_a_quarter_and_the_rest() -> None:
    keys = [f"need-{number}" for number in range(400)]

    dev = {key for key in keys if is_in_part(key, "dev")}
    test = {key for key in keys if is_in_part(key, "test")}

    assert dev | test == {key for key in keys if is_in_part(key, "all")} == set(keys)
    assert not dev & test
    assert 60 < len(dev) < 140
