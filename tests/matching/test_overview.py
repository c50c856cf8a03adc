"""The figures of several folders in one table."""

import json
from pathlib import Path
from typing import Any

import pytest

from matching.evaluation.bootstrap import Estimate
from matching.evaluation.overview import SetFigures
from scripts.summarise_evaluations import main


def estimate(mean: float) -> dict[str, float]:
    return {"mean": mean, "low": mean - 0.01, "high": mean + 0.01}


def report(metric: str, ours: float, **theirs: float) -> dict[str, Any]:
    beside = {
        name: {
            "metrics": {metric: estimate(mean)},
            "ours_minus_theirs": {metric: estimate(ours - mean)},
        }
        for name, mean in theirs.items()
    }
    return {"queries": 7, "metrics": {metric: estimate(ours)}, "beside": beside}


def summarise(folder: Path, metric: str, *reports: object) -> int:
    arguments = []
    for number, each in enumerate(reports, 1):
        file = folder / f"{number}.json"
        file.write_text(json.dumps(each))
        arguments += ["--set", f"set {number}", str(file), metric]
    return main(arguments)


def test_each_set_has_a_line_and_each_system_a_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = report("nDCG@10", 0.5, bm25=0.3, sum=0.52), report("nDCG@10", 0.5)

    assert summarise(tmp_path, "nDCG@10", *known) == 0
    assert capsys.readouterr().out.splitlines()[2:4] == [
        "| set 1 | 7 | nDCG@10 | .300 | .520 | .500 (.490–.510) | −.020 (−.030 to −.010) worse |",
        "| set 2 | 7 | nDCG@10 | – | – | .500 (.490–.510) | – |",
    ]


def test_the_best_of_the_others_has_the_least_loss() -> None:
    figures = SetFigures.of("experts", "loss", report("loss", 0.2, bm25=0.3, e5=0.25, minilm=0.4))

    assert figures.gain_over_the_best == Estimate(**estimate(0.2 - 0.25))


@pytest.mark.parametrize("wrong", [{}, [], report("loss", 0.2), {"beside": {}, "metrics": 1}])
def test_figures_that_are_not_there_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: object
) -> None:
    assert summarise(tmp_path, "nDCG@10", wrong) == 2
    assert "set 1 has no nDCG@10" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cut.json").write_text("{")

    for name in ("cut.json", "none.json"):
        assert main(["--set", "set", str(tmp_path / name), "loss"]) == 2
        assert f"{name} cannot be read" in capsys.readouterr().err
