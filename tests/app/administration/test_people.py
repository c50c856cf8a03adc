"""Administrators sign people out, block accounts and open them again."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import PersonalToken, SignInSession, User
from app.core.journal import Event
from app.core.outbox import Mail
from tests.conftest import FakeClock
from tests.factories.people import PASSWORD, make_sign_in, make_token, make_user

SignIn = Callable[[User], TestClient]
PAGE = "/administration/people"
REASON = "Laptop stolen on the train, says their manager."
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
def administrator(sign_in: SignIn) -> TestClient:
    """The browser of whoever runs the installation."""
    return sign_in(make_user(name="Root", is_administrator=True))


def traces(session: Session) -> tuple[list[str], list[str]]:
    session.expire_all()
    events = session.scalars(select(Event.action)).all()
    return list(events), list(session.scalars(select(Mail.subject)))


def test_a_person_is_found_by_address_and_signed_out(
    session: Session, sign_in: SignIn, administrator: TestClient, clock: FakeClock
) -> None:
    user = make_user(email="ada@example.org", name="Ada")
    browser = sign_in(user)
    make_sign_in(user, agent=FIREFOX, at=clock())
    found = administrator.post(PAGE, data={"email": "Ada@example.org"})
    assert found.headers["location"] == f"{PAGE}/{user.id}"
    shown = administrator.get(f"{PAGE}/{user.id}").text
    assert "Firefox on Linux" in shown
    assert "ada@example.org" in shown

    answer = administrator.post(f"{PAGE}/{user.id}", data={"act": "sign_out", "reason": REASON})

    assert answer.headers["location"] == f"{PAGE}/{user.id}"
    assert browser.get("/account").status_code == 303
    left = session.scalars(select(SignInSession.user_id)).all()
    assert user.id not in left
    assert traces(session) == (["user.signed_out"], ["You were signed out everywhere"])
    event = session.scalars(select(Event)).one()
    assert (event.user_name, event.reason, event.subject_id) == ("Root", REASON, user.id)


def test_a_blocked_account_opens_nothing_until_it_is_unblocked(
    client: TestClient, session: Session, sign_in: SignIn, administrator: TestClient
) -> None:
    user = make_user(password=PASSWORD)
    browser = sign_in(user)
    key, _ = make_token(user)
    bearer = {"Authorization": f"Bearer {key}"}
    assert client.get("/api/v1/me", headers=bearer).status_code == 200
    typed = {"email": user.email, "password": PASSWORD}

    administrator.post(f"{PAGE}/{user.id}", data={"act": "block", "reason": REASON})

    assert browser.get("/account").status_code == 303
    assert client.get("/api/v1/me", headers=bearer).status_code == 401
    assert session.scalars(select(PersonalToken)).all() == []
    refused = client.post("/sign-in", data=typed)
    assert refused.status_code == 403
    assert "Your account is blocked" in refused.text
    wrong = client.post("/sign-in", data={**typed, "password": "not the password"})
    assert wrong.status_code == 422
    assert "blocked" not in wrong.text
    assert "Blocked since" in administrator.get(f"{PAGE}/{user.id}").text

    again = administrator.post(f"{PAGE}/{user.id}", data={"act": "block", "reason": REASON})
    assert again.status_code == 409
    administrator.post(f"{PAGE}/{user.id}", data={"act": "unblock", "reason": REASON})

    assert client.post("/sign-in", data=typed).status_code == 303
    events, mails = traces(session)
    assert events == ["user.blocked", "user.unblocked"]
    assert mails == ["Your account was blocked", "Your account is open again"]


def test_a_session_that_was_forgotten_opens_a_blocked_account_no_more(
    session: Session, sign_in: SignIn, clock: FakeClock
) -> None:
    user = make_user()
    browser, (key, _) = sign_in(user), make_token(user)
    user.blocked_at = clock()
    session.commit()

    assert browser.get("/account").status_code == 303
    bearer = {"Authorization": f"Bearer {key}"}
    assert browser.get("/api/v1/me", headers=bearer).status_code == 401


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"act": "block", "reason": ""}, 422, "Say why"),
        ({"act": "block", "reason": "short"}, 422, "use at least 10 characters"),
        ({"act": "", "reason": REASON}, 422, "Choose what to do."),
        ({"act": "delete", "reason": REASON}, 422, "What to do"),
        ({"act": "unblock", "reason": REASON}, 409, "is not blocked"),
    ],
)
def test_a_refused_act_changes_nothing(
    session: Session, administrator: TestClient, sent: dict[str, str], status: int, words: str
) -> None:
    user = make_user()

    answer = administrator.post(f"{PAGE}/{user.id}", data=sent)

    assert answer.status_code == status
    assert words in answer.text
    assert traces(session) == ([], [])
    assert user.blocked_at is None


def test_administrators_do_not_lock_themselves_out(
    session: Session, administrator: TestClient
) -> None:
    own = session.scalars(select(User)).one()

    answer = administrator.post(f"{PAGE}/{own.id}", data={"act": "block", "reason": REASON})

    assert answer.status_code == 409
    assert "your own account" in answer.text
    assert own.blocked_at is None


def test_it_takes_a_fresh_proof(
    session: Session, administrator: TestClient, clock: FakeClock
) -> None:
    user = make_user()
    clock.advance(minutes=15, seconds=1)

    for path in (PAGE, f"{PAGE}/{user.id}"):
        assert administrator.get(path).headers["location"].startswith("/account/")
    sent = {"act": "block", "reason": REASON}
    assert administrator.post(f"{PAGE}/{user.id}", data=sent).status_code == 403
    assert traces(session) == ([], [])


def test_nobody_unknown_is_found(administrator: TestClient) -> None:
    answer = administrator.post(PAGE, data={"email": "nobody@example.org"})

    assert answer.status_code == 422
    assert "nobody with this address has an account" in answer.text
    assert administrator.get(f"{PAGE}/99999").status_code == 404
