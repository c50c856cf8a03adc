"""Rankings in files."""

from pathlib import Path

import pytest

from matching.evaluation.runs import UnusableRun, read_run, write_run

RUN = {"n1": [("b", 0.1 + 0.2), ("a", 0.1)], "n2": [("a", 5.0)]}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_run(tmp_path / "run.tsv", RUN)

    assert read_run(tmp_path / "run.tsv") == RUN


def test_places_follow_scores_and_then_keys(tmp_path: Path) -> None:
    (tmp_path / "run.tsv").write_text("n\tc\t1\nn\tb\t1\nn\ta\t0\nn\td\t2\n")

    assert [key for key, _ in read_run(tmp_path / "run.tsv")["n"]] == ["d", "b", "c", "a"]


@pytest.mark.parametrize("line", ["n\ta", "n\ta\tgood", "n\ta\t1\t2"])
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "run.tsv").write_text(f"n\ta\t1\n{line}\n")

    with pytest.raises(UnusableRun, match=r"run\.tsv, line 2"):
        read_run(tmp_path / "run.tsv")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableRun, match=r"there is no .*run\.tsv"):
        read_run(tmp_path / "run.tsv")
