"""Told to stop, a process answers what it has begun and finishes the job in hand."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import jobs
from app.core.jobs import Job, JobState
from app.core.settings import Settings

EARLIER = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def server(settings: Settings, session: Session) -> Iterator[subprocess.Popen[str]]:
    """A process whose answers and jobs take a second, with two jobs in line."""
    for _ in range(2):
        jobs.enqueue(session, "slow", {}, at=EARLIER)
    session.commit()
    command = [sys.executable, "-m", "tests.scripts.slow_server", str(settings.data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own
        yield process
        process.kill()


def ask(address: str) -> httpx.Response:
    """Ask as soon as the server listens."""
    while True:
        try:
            return httpx.get(f"{address}/slow", timeout=20)
        except httpx.ConnectError:
            time.sleep(0.05)


@pytest.mark.slow
def test_nothing_begun_is_lost(server: subprocess.Popen[str], session: Session) -> None:
    assert server.stdout is not None
    address = server.stdout.readline().strip()
    answers: list[httpx.Response] = []
    asking = Thread(target=lambda: answers.append(ask(address)))
    asking.start()
    awaited = {"job begun", "answer begun"}
    while awaited:
        awaited -= {server.stdout.readline().strip()}
    begun = time.monotonic()

    server.send_signal(signal.SIGTERM)
    rest = server.stdout.read()
    server.wait(timeout=20)
    asking.join(timeout=5)

    assert time.monotonic() - begun < 10
    assert server.returncode in {0, -signal.SIGTERM}
    assert [answer.text for answer in answers] == ["answered"]
    states = session.execute(select(Job.state, Job.attempts).order_by(Job.id)).all()
    assert {tuple(each) for each in states} <= {(JobState.DONE, 1), (JobState.TODO, 0)}
    assert (JobState.DONE, 1) in {tuple(each) for each in states}
    assert "saved at the end" in rest
    assert "slow observed by who answers" in rest
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)
