"""Figures in words and columns."""

import pytest

from matching.evaluation.bootstrap import Estimate, mean_of
from matching.evaluation.comparison import figures, standing, verdict
from matching.evaluation.report import systems_table


def test_a_table_tells_figures_and_then_gains() -> None:
    ours = {"nDCG@10": mean_of([1.0, 1.0]), "loss": mean_of([0.25, 0.25])}
    theirs = {"nDCG@10": mean_of([0.5, 0.5]), "loss": mean_of([0.25, 0.25])}

    text = systems_table(figures(ours, cases=2), {"BM25": standing(theirs, ours, cases=2)})

    assert text.splitlines() == [
        "| system | nDCG@10 | loss |",
        "| --- | --- | --- |",
        "| BM25 | .500 (.500–.500) | .250 (.250–.250) |",
        "| **Quaylink** | 1.000 (1.000–1.000) | .250 (.250–.250) |",
        "",
        "| **Quaylink** minus | nDCG@10 | loss |",
        "| --- | --- | --- |",
        "| BM25 | +.500 (+.500 to +.500) better | +.000 (+.000 to +.000) open |",
    ]


def test_alone_there_is_nothing_to_subtract() -> None:
    assert systems_table({"loss": Estimate(0.2, 0.1, 0.3)}, {}).splitlines()[2:] == [
        "| **Quaylink** | .200 (.100–.300) |"
    ]


@pytest.mark.parametrize(
    ("name", "gain", "expected"),
    [
        ("nDCG@10", Estimate(0.02, 0.01, 0.03), "better"),
        ("nDCG@10", Estimate(-0.02, -0.03, -0.01), "worse"),
        ("nDCG@10", Estimate(0.02, 0.0, 0.03), "open"),
        ("loss", Estimate(-0.02, -0.03, -0.01), "better"),
        ("loss", Estimate(0.02, 0.01, 0.03), "worse"),
        ("loss", Estimate(0.02, -0.01, 0.03), "open"),
    ],
)
def test_a_gain_is_called_one_only_if_its_interval_excludes_0(
    name: str, gain: Estimate, expected: str
) -> None:
    assert verdict(name, gain) == expected
