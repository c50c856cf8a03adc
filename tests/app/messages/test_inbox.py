"""The inbox: everything at once, for one reader only."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.core.job_runner import JobRunner
from app.core.outbox import Mail, MailState
from tests.conftest import NOON, FakeClock
from tests.factories import EARLIER
from tests.factories.messages import make_message
from tests.factories.people import make_user
from tests.statements import statements

SignIn = Callable[[User], TestClient]
CONTENT = "there is more power."


@pytest.fixture
def reader(session: Session) -> User:
    return make_user()


@pytest.fixture
def browser(reader: User, sign_in: SignIn) -> TestClient:
    return sign_in(reader)


def test_a_message_is_listed_read_and_laid_back(
    browser: TestClient, reader: User, session: Session
) -> None:
    mail = make_message(reader)
    make_message(reader, subject="Read before", read_at=EARLIER)

    listed = browser.get("/messages").text
    shown = browser.get(f"/messages/{mail.id}").text

    assert listed.index("Read before") < listed.index("Addendum 1")  # newest first
    assert listed.count(">Mark as read<") == 1
    assert "Something is added to a challenge" in listed
    assert "(1 unread)" in listed
    assert "<p>there is more power.</p>" in shown
    assert 'href="http://testserver/challenges/1">Go there' in shown
    assert "You get this because you follow the challenge." in shown
    assert "unread)" not in shown  # it counts as read at once
    session.refresh(mail)
    assert mail.read_at == NOON

    answer = browser.post(f"/messages/{mail.id}/read", data={"is_read": "0", "next": "/messages"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/messages")
    session.refresh(mail)
    assert mail.read_at is None


def test_reading_again_keeps_the_first_time(
    browser: TestClient, reader: User, session: Session
) -> None:
    mail = make_message(reader, read_at=EARLIER)

    browser.get(f"/messages/{mail.id}")

    session.refresh(mail)
    assert mail.read_at == EARLIER


def test_nobody_reads_or_marks_what_others_got(
    browser: TestClient, sign_in: SignIn, reader: User, session: Session
) -> None:
    mail = make_message(reader)
    stranger = sign_in(make_user())

    for path, data in (("", None), ("/read", {"is_read": "1"})):
        method = "GET" if data is None else "POST"
        answer = stranger.request(method, f"/messages/{mail.id}{path}", data=data)
        assert answer.status_code == 404
        assert CONTENT not in answer.text
    assert "Addendum 1" not in stranger.get("/messages").text + stranger.get("/home").text
    stranger.post("/messages/read")
    session.refresh(mail)
    assert mail.read_at is None


def test_links_that_give_away_an_account_are_in_no_inbox(browser: TestClient, reader: User) -> None:
    mail = make_message(reader, mail_only=True, subject="Choose a new password")

    assert "Choose a new password" not in browser.get("/messages").text
    assert browser.get(f"/messages/{mail.id}").status_code == 404


def test_the_real_links_are_not_there_either(
    browser: TestClient, reader: User, session: Session, runner: JobRunner
) -> None:
    browser.post("/password/forgotten", data={"email": reader.email})
    runner.run_next()

    [mail] = session.scalars(select(Mail)).all()
    assert (mail.kind, mail.state) == ("accounts.reset_password", MailState.QUEUED)
    assert "/password/reset/" in mail.text
    assert "No message yet" in browser.get("/messages").text


def test_filters_and_pages(browser: TestClient, reader: User) -> None:
    for number in range(1, 22):
        make_message(reader, subject=f"Letter {number}.")
    make_message(reader, kind="reviews.decided", subject="The decision", read_at=EARLIER)

    first, second = (browser.get(f"/messages?page={n}").text for n in (1, 2))
    unread = browser.get("/messages?unread=1").text
    answers = browser.get("/messages?group=answers").text

    assert "Letter 21." in first
    assert "Letter 1." not in first
    assert "Letter 1." in second
    assert "The decision" in first
    assert "The decision" not in unread
    assert "The decision" in answers
    assert "Letter" not in answers
    assert "No message of this kind" in browser.get("/messages?group=evaluated").text
    assert browser.get("/messages?group=all").text.count("<li") == first.count("<li")


def test_all_are_marked_read_at_once(
    browser: TestClient, reader: User, session: Session, clock: FakeClock
) -> None:
    mine, others = [make_message(reader), make_message(reader)], make_message(make_user())

    assert browser.post("/messages/read").headers["location"] == "/messages"

    for mail in (*mine, others):
        session.refresh(mail)
    assert [mail.read_at for mail in mine] == [clock(), clock()]
    assert others.read_at is None
    assert "All messages are marked as read." in browser.get("/messages").text


def test_the_number_of_statements_does_not_grow(
    browser: TestClient, reader: User, session_factory: sessionmaker[Session]
) -> None:
    make_message(reader)
    with statements(session_factory) as one:
        browser.get("/messages")
    make_message(reader)
    make_message(reader)
    with statements(session_factory) as three:
        browser.get("/messages")

    assert len(three) == len(one)


def test_my_work_begins_with_what_is_new(browser: TestClient, reader: User) -> None:
    assert "New messages" not in browser.get("/home").text

    for number in range(1, 6):
        make_message(reader, subject=f"Letter {number}.")
    text = browser.get("/home").text

    assert [n for n in range(1, 6) if f"Letter {n}." in text] == [3, 4, 5]
    assert "(5 unread)" in text


def test_a_letter_cannot_bring_scripts(browser: TestClient, reader: User) -> None:
    html = "<h1>Big</h1><p onclick=x>Hi<script>alert(1)</script><a href='javascript:x'>go</a></p>"
    mail = make_message(reader, html=html)

    text = browser.get(f"/messages/{mail.id}").text

    assert "<h2>Big</h2>" in text
    assert "alert(1)" not in text
    assert "onclick" not in text
    assert "javascript:" not in text
