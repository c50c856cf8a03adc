"""What is logged: one line a request with its name, as JSON, without anything secret."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker
from starlette.responses import Response
from typing_extensions import override

from app.accounts.models import User
from app.core import jobs, logs
from app.core.job_runner import JobRunner
from tests.conftest import FakeClock
from tests.factories.people import PASSWORD, make_user

SignIn = Callable[[User], TestClient]
logger = logging.getLogger("test.logs")
NEED = f"a {'private'} need"  # not as it stands in the source, which tracebacks quote


class Log(io.StringIO):
    """A stream that is no terminal."""

    def entries(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def requests(self) -> list[dict[str, object]]:
        return [entry for entry in self.entries() if entry["event"] == "request"]


class Terminal(Log):
    """A stream that somebody reads."""

    @override
    def isatty(self) -> bool:
        return True


@pytest.fixture
def log() -> Iterator[Log]:
    """Everything that is logged; afterwards it goes where it went before."""
    yield from _configured(Log())


def _configured(stream: Log) -> Iterator[Log]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logs.configure(stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def test_one_line_a_request_with_who_and_how_long(
    sign_in: SignIn, session: Session, log: Log
) -> None:
    user = make_user()

    answer = sign_in(user).get("/challenges/4711?q=something+private")

    (entry,) = log.requests()
    assert answer.headers["x-request-id"] == entry["request_id"]
    told = {name: entry[name] for name in ("method", "route", "ids", "status", "user_id", "level")}
    assert told == {
        "method": "GET", "route": "/challenges/{challenge_id}", "ids": {"challenge_id": "4711"},
        "status": 404, "user_id": user.id, "level": "info",
    }  # fmt: skip
    assert isinstance(entry["n_sql"], int)
    assert entry["n_sql"] > 0
    assert "private" not in log.getvalue()


def test_neither_what_was_typed_nor_keys_in_addresses_are_logged(
    client: TestClient, session: Session, log: Log
) -> None:
    user = make_user(password=PASSWORD)

    client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    client.get("/confirm/eyJ1c2VyX2lkIjox.forged")
    client.get("/password/reset/eyJ1c2VyX2lkIjox.forged", headers={"Authorization": "Bearer qlk_x"})

    assert [entry["route"] for entry in log.requests()] == [
        "/sign-in", "/confirm/{token}", "/password/reset/{token}",
    ]  # fmt: skip
    assert [
        (entry["event"], entry["user_id"], entry["by"])
        for entry in log.entries()
        if entry["event"] != "request"
    ] == [("signed in", user.id, "password")]
    client.post("/sign-in", data={"email": user.email, "password": "not the password"})
    (refused,) = (entry for entry in log.entries() if entry["event"] == "sign-in refused")
    assert (refused["why"], refused["level"]) == ("password", "warning")
    for secret in (PASSWORD, user.email, "eyJ1c2VyX2lkIjox", "qlk_x"):
        assert secret not in log.getvalue()


def test_what_somebody_may_not_is_logged_with_who_and_where(
    client: TestClient, sign_in: SignIn, session: Session, log: Log
) -> None:
    user = make_user()
    browser = sign_in(user)

    browser.get("/administration/mails")
    browser.post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    client.get("/api/v1/me", headers={"Authorization": "Bearer qlk_guess"})
    client.get("/sign-in/back/city?code=a-secret-code&state=a-secret-state")

    told = [(entry["route"], entry["status"], entry["user_id"]) for entry in log.requests()]
    assert told == [
        ("/administration/mails", 404, user.id), ("other", 403, None), ("/api/v1/me", 401, None),
        ("/sign-in/back/{provider_key}", 404, None),
    ]  # fmt: skip
    assert "a-secret" not in log.getvalue()


@pytest.mark.parametrize(
    ("offered", "is_kept"),
    [("a-name_from-the-proxy", True), ("short", False), ("x" * 65, False), ("with\tspace 1", False),
     ("überlang-aber-fremd", False)],
)  # fmt: skip
def test_the_proxys_name_of_a_request_is_kept_if_it_is_plain(
    client: TestClient,
    offered: str,
    is_kept: bool,  # noqa: FBT001 -- a row of the table
) -> None:
    answer = client.get("/healthz", headers={b"X-Request-ID": offered.encode()})

    assert (answer.headers["x-request-id"] == offered) is is_kept
    assert 8 <= len(answer.headers["x-request-id"]) <= 64


def test_what_is_asked_all_day_is_logged_only_when_it_fails(client: TestClient, log: Log) -> None:
    client.get("/healthz")
    client.get("/static/app.css")
    client.get("/readyz")

    assert [(entry["route"], entry["status"]) for entry in log.requests()] == [("/readyz", 503)]


def test_a_fault_is_an_error_and_tells_no_parameters(
    app: FastAPI, session: Session, session_factory: sessionmaker[Session], log: Log
) -> None:
    def broken(_request: Request) -> Response:
        with session_factory() as own:
            own.connection().execute(text("SELECT nothing WHERE :need = '1'"), {"need": NEED})
        raise AssertionError

    app.add_route("/broken", broken)
    try:
        TestClient(app).get("/broken")
    except DBAPIError:
        logger.exception("as the server logs it")

    (entry,) = log.requests()
    assert (entry["status"], entry["level"]) == (500, "error")
    assert "SELECT nothing" in log.getvalue()
    assert NEED not in log.getvalue()


def test_a_failing_job_is_named(
    session: Session, session_factory: sessionmaker[Session], clock: FakeClock, log: Log
) -> None:
    def fail(_work: jobs.Work) -> None:
        raise ValueError("mailbox of ada@example.org is full")

    job = jobs.enqueue(session, "test", {}, at=clock())
    session.commit()

    JobRunner(session_factory, {"test": fail}, clock).run_next()

    (entry,) = log.entries()
    assert (entry["event"], entry["job_id"], entry["job_kind"]) == (
        "job test failed",
        job.id,
        "test",
    )
    assert "mailbox of a…@example.org is full" in str(entry["exception"])


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"password": "x"}, {"password": logs.HIDDEN}),
        ({"metrics_token": "x"}, {"metrics_token": logs.HIDDEN}),
        ({"headers": {"Cookie": "a", "accept": "b"}},
         {"headers": {"Cookie": logs.HIDDEN, "accept": "b"}}),
        ({"given": ["Bearer abc.def", 3, None]}, {"given": [f"Bearer {logs.HIDDEN}", 3, None]}),
        ({"event": "smtp://us:word@mail.example:25"},
         {"event": f"smtp://us:{logs.HIDDEN}@mail.example:25"}),
        ({"event": "GET /confirm/abc.def-1 failed"}, {"event": "GET /confirm/… failed"}),
        ({"event": "GET /new-password/eyJ1c2VyX2lkIjox.aSl3Ug.9zGm6D0ZbQv1xV3J2hGkA1 failed"},
         {"event": "GET /new-password/… failed"}),
        ({"event": "GET /join/eyJ1c2VyX2lkIjox.9zGm6D0ZbQv1xV3J2hGkA1"}, {"event": "GET /join/…"}),
        ({"event": "key qlk_abc-d"}, {"event": f"key qlk_{logs.HIDDEN}"}),
        ({"tokens": 3, "body": "typed"}, {"tokens": 3, "body": logs.HIDDEN}),
    ],
)  # fmt: skip
def test_secrets_are_hidden(said: dict[str, object], shown: dict[str, object]) -> None:
    assert logs.redact(None, "info", dict(said)) == shown


def test_a_line_break_starts_no_new_entry(log: Log) -> None:
    logger.warning('broken\n{"event": "forged"}')

    assert [entry["event"] for entry in log.entries()] == ['broken\n{"event": "forged"}']


def test_on_a_terminal_it_is_text() -> None:
    for terminal in _configured(Terminal()):
        logger.warning("the disk is nearly full", extra={"password": "x"})

        assert "the disk is nearly full" in terminal.getvalue()
        with pytest.raises(json.JSONDecodeError):
            terminal.entries()
