"""Another e-mail address: nothing changes before the link, and everything comes along."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import SignInSession, User
from app.core.job_runner import JobRunner
from app.core.journal import Event
from app.core.message_kinds import Frequency
from app.core.outbox import Mail
from app.messages.models import Preference
from tests.conftest import FakeClock, KeptMail
from tests.factories import EARLIER, save
from tests.factories.messages import make_message
from tests.factories.people import PASSWORD, make_user

SignIn = Callable[[User], TestClient]
NEW = "new@example.org"


def link_in(mail: KeptMail, runner: JobRunner) -> str:
    runner.drain()
    body = mail.to(NEW)[-1].get_body(("plain",))
    assert body is not None
    found = re.search(r"http://testserver(/account/email/\S+)", body.get_content())
    assert found
    return found[1]


def test_the_new_address_counts_once_its_link_is_followed(
    sign_in: SignIn, client: TestClient, session: Session, runner: JobRunner, mail: KeptMail
) -> None:
    user = make_user(email="old@example.org", password=PASSWORD)
    make_message(user, subject="Kept")
    own = {"address": user.email, "kind": "dialogue.asked", "changed_at": EARLIER}
    save(Preference(frequency=Frequency.OFF, **own))
    browser = sign_in(user)

    assert NEW in browser.post("/account/email", data={"email": "New@example.org"}).text
    link = link_in(mail, runner)
    assert "old@example.org" in str(mail.to(NEW)[-1])
    assert NEW in client.get(link).text
    session.refresh(user)
    assert user.email == "old@example.org"

    assert client.post(link).headers["location"] == "/sign-in"

    session.refresh(user)
    assert user.email == NEW
    assert session.scalar(select(func.count(SignInSession.id))) == 0
    assert session.scalars(select(Preference.address)).all() == [NEW]
    kept = select(Mail.to_address).where(Mail.subject == "Kept")
    assert session.scalars(kept).all() == [NEW]
    assert session.scalars(select(Event.action)).all() == ["user.address_changed"]
    runner.drain()
    assert NEW in str(mail.to("old@example.org")[-1])
    typed = {"email": NEW, "password": PASSWORD}
    assert client.post("/sign-in", data=typed).status_code == 303
    assert client.post(link).status_code == 410


def test_an_address_that_has_an_account_looks_the_same(
    sign_in: SignIn, session: Session, runner: JobRunner, mail: KeptMail
) -> None:
    taken = make_user(email="taken@example.org")
    browser = sign_in(make_user())

    pages = [
        browser.post("/account/email", data={"email": email}).text.replace(email, "…")
        for email in (taken.email, NEW)
    ]

    assert pages[0] == pages[1]
    rows = session.execute(select(Mail.to_address, Mail.kind)).all()
    kinds = {row.to_address: row.kind for row in rows}
    assert kinds == {taken.email: "accounts.known_address", NEW: "accounts.confirm_new_address"}


def test_an_address_that_was_taken_meanwhile_is_refused(
    sign_in: SignIn, client: TestClient, session: Session, runner: JobRunner, mail: KeptMail
) -> None:
    user = make_user(email="old@example.org")
    sign_in(user).post("/account/email", data={"email": NEW})
    link = link_in(mail, runner)
    make_user(email=NEW)

    assert client.post(link).status_code == 409

    session.refresh(user)
    assert user.email == "old@example.org"
    assert session.scalar(select(func.count(SignInSession.id))) == 1


@pytest.mark.parametrize("ending", ["late", "forged", "password changed"])
def test_a_dead_link_changes_nothing(
    sign_in: SignIn, client: TestClient, session: Session, runner: JobRunner, mail: KeptMail,
    clock: FakeClock, ending: str,
) -> None:  # fmt: skip
    user = make_user(email="old@example.org")
    sign_in(user).post("/account/email", data={"email": NEW})
    link = link_in(mail, runner)
    if ending == "late":
        clock.advance(days=1, seconds=1)
    elif ending == "forged":
        link += "x"
    else:
        user.password_hash = "another"
        session.commit()

    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410

    session.refresh(user)
    assert user.email == "old@example.org"


def test_it_asks_who_it_is_unless_that_was_just_proved(
    sign_in: SignIn, session: Session, clock: FakeClock
) -> None:
    user = make_user(password=PASSWORD)
    browser = sign_in(user)
    clock.advance(minutes=15, seconds=1)

    assert browser.get("/account/email").headers["location"].endswith("next=%2Faccount%2Femail")
    assert browser.post("/account/email", data={"email": NEW}).status_code == 403
    assert session.scalars(select(Mail)).all() == []

    browser.post("/account/prove", data={"present": PASSWORD})
    assert browser.post("/account/email", data={"email": NEW}).status_code == 200
    assert session.scalars(select(Mail.to_address)).all() == [NEW]


def test_the_present_address_is_refused(sign_in: SignIn, session: Session) -> None:
    user = make_user()

    answer = sign_in(user).post("/account/email", data={"email": user.email.upper()})

    assert answer.status_code == 422
    assert "this is the one you have" in answer.text
    assert session.scalars(select(Mail)).all() == []
