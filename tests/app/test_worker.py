"""The workers beside the web: every kind is handled, and quick jobs do not wait for slow ones."""

import time
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app import worker
from app.core import heartbeats, jobs
from app.core.jobs import Handler, Work
from app.core.outbox import SEND_MAIL
from app.core.settings import Settings
from app.job_words import JOB_WORDS
from app.matches.engine_room import EngineRoom
from app.matches.jobs import SLOW_KINDS
from app.worker import LANE_KINDS, Workers, all_handlers
from tests.conftest import FakeClock, KeptMail


def test_every_slow_kind_has_a_handler(
    settings: Settings, mail: KeptMail, engine_room: EngineRoom
) -> None:
    assert set(all_handlers(settings, mail, engine_room)) > SLOW_KINDS


def test_what_every_job_does_is_said_in_words(
    settings: Settings, mail: KeptMail, engine_room: EngineRoom
) -> None:
    assert set(JOB_WORDS) == set(all_handlers(settings, mail, engine_room))


def test_a_mail_does_not_wait_for_the_index(
    session: Session, session_factory: sessionmaker[Session], clock: FakeClock
) -> None:
    slow_kind = min(SLOW_KINDS)
    for kind in (slow_kind, SEND_MAIL):
        jobs.enqueue(session, kind, {}, at=clock())
    session.commit()
    mail_sent, index_done = Event(), Event()

    def wait_for_the_mail(_work: Work) -> None:
        assert mail_sent.wait(timeout=20)
        index_done.set()

    handlers: dict[str, Handler] = {
        slow_kind: wait_for_the_mail,
        SEND_MAIL: lambda _work: mail_sent.set(),
    }
    saved: list[float] = []
    workers = Workers(
        session_factory, handlers, clock, when_idle=lambda: saved.append(time.monotonic())
    )
    workers.start()

    assert index_done.wait(timeout=30)
    workers.stop()
    assert saved


def test_a_worker_outlives_a_database_that_is_away(
    session: Session,
    session_factory: sessionmaker[Session],
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "TROUBLE_SECONDS", 0.01)
    is_away, done = Event(), Event()
    is_away.set()

    def open_session() -> Session:
        if is_away.is_set():
            raise OperationalError("SELECT", None, Exception("the database is away"))
        return session_factory()

    handlers: dict[str, Handler] = {SEND_MAIL: lambda _work: done.set()}
    workers = Workers(open_session, handlers, clock, when_idle=lambda: None)
    jobs.enqueue(session, SEND_MAIL, {}, at=clock())
    session.commit()

    workers.start()
    assert not done.wait(timeout=0.2)
    is_away.clear()

    assert done.wait(timeout=20)
    workers.stop()


def test_a_lane_says_that_it_is_served_and_tells_what_it_did(
    session: Session, session_factory: sessionmaker[Session], clock: FakeClock
) -> None:
    seen: list[tuple[str, bool]] = []
    told = Event()

    def observe(kind: str, seconds: float, failed: bool) -> None:  # noqa: FBT001 -- a callback
        assert seconds >= 0
        seen.append((kind, failed))
        if len(seen) == 2:
            told.set()

    def fail(_work: Work) -> None:
        raise ValueError

    for kind in ("fine", "bad"):
        jobs.enqueue(session, kind, {}, at=clock())
    session.commit()
    handlers: dict[str, Handler] = {"fine": lambda _work: None, "bad": fail}
    workers = Workers(session_factory, handlers, clock, when_idle=lambda: None, observe=observe)

    workers.start()
    assert told.wait(timeout=20)
    workers.stop()

    assert seen == [("fine", False), ("bad", True)]
    assert heartbeats.beats(session) == dict.fromkeys(LANE_KINDS, clock())
