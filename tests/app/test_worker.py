"""The workers beside the web: every kind is handled, and quick jobs do not wait for slow ones."""

import time
from threading import Event

from sqlalchemy.orm import Session, sessionmaker

from app.core import jobs
from app.core.jobs import Handler, Work
from app.core.outbox import SEND_MAIL
from app.core.settings import Settings
from app.matches.engine_room import EngineRoom
from app.matches.jobs import SLOW_KINDS
from app.worker import Workers, all_handlers
from tests.conftest import FakeClock, KeptMail


def test_every_slow_kind_has_a_handler(
    settings: Settings, mail: KeptMail, engine_room: EngineRoom
) -> None:
    assert set(all_handlers(settings, mail, engine_room)) > SLOW_KINDS


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
