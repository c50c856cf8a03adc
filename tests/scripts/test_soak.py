"""The long measurement counts what it says; here it lasts seconds."""

from collections import Counter

import pytest

from scripts.measured_load import ANSWERS, WORKS
from scripts.soak import Course, Held, main


@pytest.mark.slow
def test_some_seconds_of_it_fail_at_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--minutes", "0.1", "--people", "3"])

    told = capsys.readouterr().out
    assert "faults of ours: 0" in told
    assert " × 200" in told
    assert "failed 0, by 1 process" in told
    assert "who works: " in told


def course(
    *, who: str = ANSWERS, memory: float = 100.0, files: int = 30, status: int = 200,
    failed_jobs: int = 0, workers: int = 1,
) -> Course:  # fmt: skip
    grown = Held([100.0] * 8 + [memory] * 2, [30] * 8 + [files] * 2)
    steady = {each: Held([100.0] * 10, [30] * 10) for each in (ANSWERS, WORKS)}
    pids = set(range(workers))
    held = {**steady, who: grown}
    return Course(Counter({status: 7}), [0.1] * 7, held, 9, failed_jobs, pids)


@pytest.mark.parametrize(
    "bad",
    [
        {"memory": 106.0}, {"files": 36}, {"status": 500}, {"status": 599}, {"failed_jobs": 1},
        {"workers": 2}, {"who": WORKS, "memory": 106.0}, {"who": WORKS, "files": 36},
    ],
    ids=str,
)  # fmt: skip
def test_growth_faults_and_deaths_are_told_by_the_exit_code(bad: dict[str, float]) -> None:
    assert course(memory=104.0, files=34, status=404).is_well
    assert not course(**bad).is_well  # type: ignore[arg-type]  # a row of the table


def test_growth_is_counted_from_after_the_warm_up() -> None:
    warming = Held([10.0, 10.0, 100.0, 100.0, *[100.0] * 6], [0] * 10)

    assert warming.growth == 0.0
