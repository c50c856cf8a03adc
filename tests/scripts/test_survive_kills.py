"""The measurement of kills counts what it says, here with two of them."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest

from scripts.kill_records import Findings
from tests.postgresql import TestServer

WELL = Findings(
    acknowledged=9, lost=0, doubled=0, events=9, is_journal_whole=True, integrity="ok",
    links_asked=3, links_lost=0, mails=3, unsent=0, never_taken=0, taken_again=1,
    left_to_people=0,
    unfinished_jobs=Counter(), refused_snapshots=0, is_index_right=True, heals=True,
    marks=Counter(),
)  # fmt: skip


@pytest.mark.slow
def test_two_kills_lose_nothing() -> None:
    command = [sys.executable, "-m", "scripts.survive_kills", "--kills", "2", "--seed", "7"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own

    assert done.returncode == 0, done.stdout
    assert "lost 0, doubled 0" in done.stdout
    assert "changes acknowledged 0" not in done.stdout
    assert "killed: 1 × who answers, 1 × who works" in done.stdout


@pytest.mark.slow
def test_a_kill_on_postgresql_loses_nothing_and_what_is_there_is_left(
    postgresql: TestServer,
) -> None:
    command = [
        sys.executable, "-m", "scripts.survive_kills", "--kills", "1", "--seed", "9",
        "--further-workers", "1", "--database-url",
    ]  # fmt: skip
    with postgresql.lent() as url:
        done = subprocess.run([*command, url], capture_output=True, text=True, check=False)  # noqa: S603 -- our own
        again = subprocess.run([*command, url], capture_output=True, text=True, check=False)  # noqa: S603 -- our own

    assert done.returncode == 0, done.stdout
    assert "lost 0, doubled 0" in done.stdout
    assert "changes acknowledged 0" not in done.stdout
    assert "database: ok" in done.stdout
    assert "killed: 1 × who only works" in done.stdout
    assert again.returncode == 1
    assert "give an empty database" in again.stderr


@pytest.mark.parametrize(
    "bad",
    [
        {"lost": 1}, {"doubled": 1}, {"links_lost": 1}, {"unsent": 1}, {"never_taken": 1},
        {"unfinished_jobs": Counter(kind=1)}, {"refused_snapshots": 1}, {"is_journal_whole": False},
        {"is_index_right": False}, {"heals": False}, {"integrity": "row 3 missing"},
        {"orphans": 1}, {"ends_in_order": False},
    ],
    ids=str,
)  # fmt: skip
def test_anything_lost_is_told_by_the_exit_code(bad: dict[str, object]) -> None:
    assert WELL.is_well
    assert not replace(WELL, **bad).is_well  # type: ignore[arg-type]  # a row of the table
