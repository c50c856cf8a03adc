"""The mail server away for an hour, the disk full, the database gone: said, and resumed."""

import smtplib
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from typing_extensions import override

from app.accounts.models import User
from app.core.job_runner import JobRunner
from app.core.jobs import PATIENCE, Job, JobState
from app.core.journal import Event
from app.core.links import Links
from app.core.outbox import Email, Mail, MailState, Outbox
from app.core.settings import Settings
from app.core.signed_tokens import SignedTokens
from app.core.trouble import AWAY, is_passing, trouble_of
from app.matches.engine_room import EngineRoom
from app.organisations.models import MemberRole
from app.profiles.models import Passage
from app.worker import all_handlers
from tests.conftest import PROMPT_KINDS, FakeClock, KeptMail
from tests.factories.people import make_member, make_organisation, make_user

SignIn = Callable[[User], TestClient]


class Server(KeptMail):
    """A mail server that is away until somebody starts it."""

    def __init__(self, answer: Exception) -> None:
        super().__init__()
        self.answer: Exception | None = answer

    @override
    def deliver(self, message: EmailMessage) -> None:
        if self.answer is not None:
            raise self.answer
        super().deliver(message)


@pytest.fixture
def post(
    settings: Settings,
    session_factory: sessionmaker[Session],
    clock: FakeClock,
    engine_room: EngineRoom,
) -> Callable[[Server], JobRunner]:
    """Return a worker that sends through a server."""

    def worker(server: Server) -> JobRunner:
        handlers = all_handlers(settings, server, engine_room, clock, PROMPT_KINDS)
        return JobRunner(session_factory, handlers, clock)

    return worker


def queue(session: Session, clock: FakeClock, address: str) -> None:
    links = Links("http://testserver", SignedTokens("k" * 32))
    Outbox(session, links, clock()).add(
        Email("accounts.password_changed", address, "en", "Hello", "text", "<p>text</p>")
    )
    session.commit()


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer",
    [ConnectionRefusedError(), smtplib.SMTPConnectError(421, b"busy")],
    ids=lambda answer: type(answer).__name__,
)
def test_an_hour_without_a_mail_server_loses_no_mail(
    session: Session, clock: FakeClock, post: Callable[[Server], JobRunner], answer: Exception
) -> None:
    server = Server(answer)
    worker, began = post(server), clock()
    while clock() < began + timedelta(hours=1):
        queue(session, clock, f"{clock().minute}@example.org")
        worker.drain()
        clock.advance(minutes=4)
    sent = session.scalar(select(func.count(Mail.id)))
    assert server.messages == []
    assert set(session.scalars(select(Job.state))) == {JobState.TODO}

    server.answer = None
    clock.advance(minutes=10)
    worker.drain()

    assert len(server.messages) == sent == 15
    assert len({message["Message-ID"] for message in server.messages}) == 15
    assert set(session.scalars(select(Mail.state))) == {MailState.SENT}
    assert set(session.scalars(select(Job.state))) == {JobState.DONE}


@pytest.mark.slow
def test_a_refusal_for_good_and_two_days_of_silence_are_given_up(
    session: Session, clock: FakeClock, post: Callable[[Server], JobRunner]
) -> None:
    for answer, within in (
        (smtplib.SMTPRecipientsRefused({"x@example.org": (550, b"unknown")}), timedelta(hours=12)),
        (ConnectionRefusedError(), PATIENCE + timedelta(hours=1)),
    ):
        worker, began = post(Server(answer)), clock()
        queue(session, clock, "x@example.org")
        newest = session.scalars(select(Job).order_by(Job.id.desc())).first()
        assert newest is not None
        while newest.state is not JobState.DEAD and clock() < began + within:
            worker.drain()
            clock.advance(minutes=50)
            session.refresh(newest)

        assert newest.state is JobState.DEAD


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (ConnectionResetError(), True),
        (smtplib.SMTPDataError(451, b"later"), True),
        (smtplib.SMTPDataError(554, b"spam"), False),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"busy"), "b": (550, b"unknown")}), False),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"busy")}), True),
        (smtplib.SMTPNotSupportedError(), False),
        (ValueError(), False),
    ],
)
def test_what_passes_by_itself(error: Exception, passes: bool) -> None:  # noqa: FBT001 -- a row of the table
    assert is_passing(error) is passes


@pytest.fixture
def full(session_factory: sessionmaker[Session]) -> Iterator[Callable[[int], None]]:
    """Return what sets how many pages the application's database may have; SQLite's own limit."""
    engine: Engine = session_factory.kw["bind"]
    limit = [0]

    def apply(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={limit[0]}")  # type: ignore[attr-defined]  # of the driver

    def set_limit(pages: int) -> None:
        limit[0] = pages
        engine.dispose()

    event.listen(engine, "connect", apply)
    yield set_limit
    event.remove(engine, "connect", apply)


@pytest.mark.only_sqlite
def test_a_full_disk_is_said_and_nothing_half_is_stored(
    sign_in: SignIn, session: Session, full: Callable[[int], None]
) -> None:
    organisation = make_organisation()
    browser = sign_in(make_member(organisation, role=MemberRole.MANAGER))
    path = f"/organisations/{organisation.slug}/profile/passages/new"
    typed = {
        "kind": "capability", "title": "Shore power", "text": "We build. " * 190, "lang": "en",
        "source": "Profile",
    }  # fmt: skip
    session.connection().exec_driver_sql("VACUUM")  # what migrations left free would be room
    full(1)  # as small as it can be: it may not grow

    answers = [browser.post(path, data=typed) for _ in range(12)]

    refused = [answer for answer in answers if answer.status_code == 507]
    assert refused
    assert {answer.status_code for answer in answers} <= {303, 507}
    assert "has no room left to store anything" in refused[0].text
    assert refused[0].headers["retry-after"] == "120"
    stored = session.scalar(select(func.count(Passage.id)))
    assert stored == len(answers) - len(refused)
    assert session.scalar(select(func.count(Event.id))) == stored
    assert browser.get(f"/organisations/{organisation.slug}").status_code == 200

    full(1_000_000)
    assert browser.post(path, data=typed).status_code == 303
    assert session.scalar(select(func.count(Passage.id))) == (stored or 0) + 1


@pytest.mark.only_sqlite
def test_a_database_that_is_away_is_said_to_people_and_programs(
    sign_in: SignIn, client: TestClient, session: Session, settings: Settings,
    session_factory: sessionmaker[Session],
) -> None:  # fmt: skip
    browser = sign_in(make_user())
    file = settings.data_dir / "quaylink.sqlite3"
    file.rename(settings.data_dir / "away")
    file.mkdir()  # nothing can be opened there
    session_factory.kw["bind"].dispose()

    shown, told = browser.get("/account"), client.get("/api/v1/challenges")

    assert (shown.status_code, told.status_code) == (503, 503)
    assert "cannot reach its records" in shown.text
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["type"] == "/api#problem-away"
    file.rmdir()
    (settings.data_dir / "away").rename(file)
    assert browser.get("/account").status_code == 200


def test_a_wrong_statement_is_a_fault_and_no_trouble(
    session_factory: sessionmaker[Session],
) -> None:
    with session_factory() as own, pytest.raises(DBAPIError) as caught:
        own.connection().exec_driver_sql("SELECT nothing")

    assert trouble_of(caught.value) is None
    lost = OperationalError("SELECT 1", None, Exception(), connection_invalidated=True)
    assert trouble_of(lost) == AWAY
