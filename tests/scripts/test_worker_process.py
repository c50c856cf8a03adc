"""The process that works: replaced when it dies, gone when nobody wants it any more."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import jobs
from app.core.jobs import Job, JobState
from app.core.settings import Settings
from scripts.worker_process import WorkerProcess
from tests.conftest import NOON
from tests.scripts.slow_work import make_workers

PATIENCE = 60


def until(happens: Callable[[], object]) -> None:
    """Wait for something, and fail if it does not come."""
    end = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def workers_of(pid: int) -> list[int]:
    """Return the processes that work for another one."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
            command = (each / "cmdline").read_text()
        except OSError:  # it ended while we looked
            continue
        if parent == pid and "scripts.worker_process" in command:
            found.append(int(each.name))
    return found


@pytest.fixture
def observed(settings: Settings) -> Iterator[list[str]]:
    """What is told of jobs by a process that works as long as the test."""
    kinds: list[str] = []
    workers = WorkerProcess(
        partial(make_workers, settings),
        observe=lambda kind, _seconds, _failed: kinds.append(kind),
        niceness=7,
    )
    workers.start()
    yield kinds
    workers.stop()
    assert workers_of(os.getpid()) == []


def states(session: Session) -> list[JobState]:
    session.rollback()
    return list(session.scalars(select(Job.state).order_by(Job.id)))


@pytest.mark.slow
def test_one_that_dies_is_replaced_and_steps_back_behind_people(
    session: Session, observed: list[str]
) -> None:
    jobs.enqueue(session, "slow", {}, at=NOON)
    session.commit()
    until(lambda: states(session) == [JobState.DONE])
    until(lambda: observed == ["slow"])
    (first,) = workers_of(os.getpid())
    assert os.getpriority(os.PRIO_PROCESS, first) == os.getpriority(os.PRIO_PROCESS, 0) + 7

    os.kill(first, signal.SIGKILL)
    jobs.enqueue(session, "slow", {}, at=NOON)
    session.commit()

    until(lambda: observed == ["slow", "slow"])
    assert states(session) == [JobState.DONE, JobState.DONE]
    assert workers_of(os.getpid()) != [first]


def work_beside(settings: Settings) -> None:
    """Have somebody work, and do nothing oneself."""
    WorkerProcess(
        partial(make_workers, settings), observe=lambda *_of_a_job: None, niceness=0
    ).start()
    time.sleep(PATIENCE)


@pytest.mark.slow
def test_nobody_works_on_for_somebody_who_was_killed(settings: Settings, session: Session) -> None:
    parent = get_context("spawn").Process(target=work_beside, args=(settings,))
    parent.start()
    assert parent.pid is not None
    until(lambda: workers_of(parent.pid or 0))
    (worker,) = workers_of(parent.pid)
    jobs.enqueue(session, "slow", {}, at=NOON)
    session.commit()
    until(lambda: states(session) == [JobState.DONE])

    parent.kill()
    parent.join()

    until(lambda: not Path(f"/proc/{worker}").exists())
