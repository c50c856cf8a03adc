"""Several processes that only work share the jobs of one PostgreSQL: each is done, and once."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.actions import request_reset
from app.core.clock import system_clock
from app.core.jobs import Job, JobState
from app.core.outbox import Mail, MailState
from app.core.settings import Settings
from app.main import create_app
from app.profiles.models import Passage
from scripts.kill_records import ORGANISATIONS, fill
from scripts.killed_installation import Ledger
from tests.conftest import FROM_OUR_PAGES, POSTGRESQL
from tests.scripts.test_worker_process import until

LINKS = 240
PASSAGES = ORGANISATIONS
LEASES_ARE_OVER = 3
"""Minutes by which the clock of whoever comes later is ahead."""
NEW_PASSAGE = "/organisations/organisation-{}/profile/passages/new"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database", [POSTGRESQL], indirect=True),
]


def write_passages(settings: Settings, sessions: sessionmaker[Session], token: str) -> None:
    """Change every profile through the application, which answers and does not work."""
    app = create_app(settings, sessions)
    cookies = {"quaylink": token}
    with TestClient(
        app, cookies=cookies, headers=FROM_OUR_PAGES, follow_redirects=False
    ) as browser:
        for number in range(PASSAGES):
            form = {
                "kind": "capability", "title": f"Passage {number}", "lang": "en", "source": "Test",
                "text": "We build and mend what is needed in a harbour, day and night.",
            }  # fmt: skip
            assert browser.post(NEW_PASSAGE.format(number), data=form).status_code == 303


@pytest.fixture
def filled(settings: Settings, session_factory: sessionmaker[Session]) -> Settings:
    """An installation in which several hundred jobs wait."""
    now = system_clock()
    with session_factory() as session, session.begin():
        token = fill(session, now=now)
        for number in range(LINKS):
            request_reset(session, email=f"person{number % ORGANISATIONS}@example.org", at=now)
    write_passages(settings, session_factory, token)
    return settings


@pytest.fixture
def helpers() -> Iterator[ExitStack]:
    """Processes that are gone after the test."""
    with ExitStack() as started:
        yield started


def start(settings: Settings, helpers: ExitStack, minutes: int = 0) -> subprocess.Popen[bytes]:
    """Start a process that only works."""
    command = [
        sys.executable, "-m", "tests.scripts.only_work", str(settings.data_dir),
        str(settings.database_url), str(minutes),
    ]  # fmt: skip
    process = helpers.enter_context(subprocess.Popen(command))  # noqa: S603 -- our own
    helpers.callback(process.kill)
    return process


def done_by(settings: Settings, process: subprocess.Popen[bytes]) -> Counter[str]:
    """Return how many jobs of each kind a process did."""
    file = settings.data_dir / f"done-{process.pid}.txt"
    return Counter(file.read_text().split() if file.exists() else ())


def unfinished(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(Job.id)).where(Job.state != JobState.DONE)) or 0


def mails_sent(session: Session) -> list[str]:
    sent = select(Mail.message_id).where(Mail.state == MailState.SENT)
    return sorted(session.scalars(sent))


def test_each_job_is_done_once(filled: Settings, session: Session, helpers: ExitStack) -> None:
    two = [start(filled, helpers) for _ in range(2)]

    until(lambda: not unfinished(session))

    for process in two:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    done = [done_by(filled, process) for process in two]
    assert all(each.total() for each in done)
    jobs = Counter(session.scalars(select(Job.kind)))
    assert sum(done, Counter[str]()) == jobs  # each attempt was the only one
    assert set(session.scalars(select(Job.attempts))) == {1}
    taken = Ledger(filled.data_dir / "taken.txt").taken()
    assert (len(taken), set(taken.values())) == (LINKS, {1})
    assert sorted(taken) == mails_sent(session)


def test_what_one_had_in_hand_that_was_killed_is_done_by_another(
    filled: Settings, session: Session, helpers: ExitStack
) -> None:
    killed, other = (start(filled, helpers) for _ in range(2))
    until(lambda: done_by(filled, killed).total() > 20)

    killed.kill()

    in_hand = partial(session.scalars, select(Job.id).where(Job.state == JobState.DOING))
    until(lambda: unfinished(session) <= 2 and unfinished(session) == len(in_hand().all()))
    other.send_signal(signal.SIGTERM)
    assert other.wait(timeout=60) == 0
    start(filled, helpers, minutes=LEASES_ARE_OVER)
    until(lambda: not unfinished(session))

    assert sum(attempts - 1 for attempts in session.scalars(select(Job.attempts))) <= 2  # by lane
    taken = Ledger(filled.data_dir / "taken.txt").taken()
    assert sorted(taken) == mails_sent(session)
    assert len(taken) == LINKS
    assert taken.total() <= LINKS + 1  # under the same Message-ID
    assert len(session.scalars(select(Passage.id)).all()) == PASSAGES
