"""Where somebody is signed in, and how it is ended; and that nobody learns who has an account."""

from collections.abc import Callable
from typing import Literal

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi.testclient import TestClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker
from typing_extensions import override

from app.accounts import actions
from app.accounts.models import SignInSession, User
from app.core.job_overview import failed_jobs
from app.core.job_runner import JobRunner
from app.core.outbox import Mail
from tests.conftest import FakeClock
from tests.factories.people import PASSWORD, make_sign_in, make_user

SignIn = Callable[[User], TestClient]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def left(session: Session) -> list[int]:
    return list(session.scalars(select(SignInSession.id).order_by(SignInSession.id)))


def test_one_browser_is_signed_out(sign_in: SignIn, session: Session, clock: FakeClock) -> None:
    user = make_user()
    elsewhere = make_sign_in(user, agent=FIREFOX, at=clock())
    browser = sign_in(user)
    text = browser.get("/account").text
    assert "Firefox on Linux" in text
    assert text.count("Sign out there") == 1

    answer = browser.post(f"/account/sessions/{elsewhere.id}/end")

    assert answer.headers["location"] == "/account#sessions"
    assert len(left(session)) == 1
    assert elsewhere.id not in left(session)
    assert browser.get("/account").status_code == 200


def test_a_browser_left_open_does_not_end_the_others(
    sign_in: SignIn, session: Session, clock: FakeClock
) -> None:
    user = make_user()
    browser = sign_in(user)
    elsewhere = make_sign_in(user, at=clock())
    clock.advance(minutes=15, seconds=1)

    for path in (f"/account/sessions/{elsewhere.id}/end", "/account/sign-out-elsewhere"):
        assert browser.post(path).status_code == 403

    assert elsewhere.id in left(session)


def test_ending_the_browser_in_hand_leads_out(sign_in: SignIn, session: Session) -> None:
    browser = sign_in(make_user())
    (own,) = left(session)

    assert browser.post(f"/account/sessions/{own}/end").headers["location"] == "/"

    assert left(session) == []
    assert browser.get("/account").status_code == 303


def test_nobody_elses_browser_is_signed_out(sign_in: SignIn, session: Session) -> None:
    theirs = make_sign_in(make_user())
    browser = sign_in(make_user())
    before = left(session)

    assert browser.post(f"/account/sessions/{theirs.id}/end").status_code == 404
    assert browser.post("/account/sessions/99999/end").status_code == 404

    assert left(session) == before


def test_all_other_browsers_are_signed_out(
    sign_in: SignIn, session: Session, clock: FakeClock
) -> None:
    user, other = make_user(), make_user()
    theirs = make_sign_in(other, at=clock())
    for _ in range(2):
        make_sign_in(user, at=clock())
    browser = sign_in(user)
    own = left(session)[-1]

    answer = browser.post("/account/sign-out-elsewhere")

    assert answer.headers["location"] == "/account#sessions"
    assert left(session) == [theirs.id, own]
    assert "Sign out everywhere else" not in browser.get("/account").text


def test_asking_for_a_new_password_takes_the_same_work_for_anybody(
    client: TestClient,
    session: Session,
    session_factory: sessionmaker[Session],
    runner: JobRunner,
) -> None:
    user = make_user()
    asked: list[str] = []
    engine = session_factory.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def statements_for(email: str) -> list[str]:
        asked.clear()
        assert client.post("/password/forgotten", data={"email": email}).status_code == 200
        return list(asked)

    assert statements_for(user.email) == statements_for("nobody@example.org")
    assert session.scalars(select(Mail)).all() == []
    runner.drain()
    assert session.scalars(select(Mail.to_address)).all() == [user.email]
    assert failed_jobs(session) == []


class CountingHasher(PasswordHasher):
    """Computes nothing and counts what it would have computed, with which parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.computed: list[str] = []

    @override
    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.computed.append("hash")
        return ""

    @override
    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.computed.append(str(hash)[: str(hash).rindex("p=") + 3])
        raise VerifyMismatchError


def test_a_wrong_password_takes_the_same_work_for_anybody(
    session_factory: sessionmaker[Session], session: Session, clock: FakeClock
) -> None:
    known, blocked, without = (make_user(password=PASSWORD) for _ in range(3))
    blocked.blocked_at, without.password_hash = clock(), ""
    session.commit()
    asked: list[str] = []
    engine = session_factory.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def work_for(email: str) -> tuple[list[str], list[str]]:
        hasher = CountingHasher()
        asked.clear()
        with session_factory() as own, pytest.raises(actions.WrongPassword):
            actions.authenticate(own, email=email, password="not the password", hasher=hasher)
        return hasher.computed, list(asked)

    computed, statements = work_for("nobody@example.org")

    assert computed == ["$argon2id$v=19$m=19456,t=2,p=1"]
    begun, looked_up = statements  # a transaction begins as the database does it
    assert "users" not in begun
    assert looked_up.startswith("SELECT users.id")
    for user in (known, blocked, without):
        assert work_for(user.email) == (computed, statements)
