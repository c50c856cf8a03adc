"""Mails and jobs, for administrators only."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.core import journal
from app.core.job_runner import JobRunner
from app.core.jobs import MAX_ATTEMPTS, Job, JobState
from app.core.journal import TIMER
from app.core.journal_check import HEADS_FILE, read_heads
from app.core.outbox import SEND_MAIL, Mail, MailState
from app.core.settings import Settings
from app.matches.models import INDEX_DIFFERS
from app.progress.models import AwaitedWork, WorkKind
from tests.factories import EARLIER, save
from tests.factories.people import make_user
from tests.statements import statements
from tests.tampering import let_events_be_changed

SignIn = Callable[[User], TestClient]

PATHS = [
    "/administration/mails",
    "/administration/mails/1",
    "/administration/jobs",
    "/administration/journal",
]


@pytest.fixture
def browser(session: Session, sign_in: SignIn) -> TestClient:
    return sign_in(make_user(is_administrator=True))


def make_mail(number: int = 1) -> Mail:
    return save(
        Mail(
            message_id=f"<{number}@quaylink>",
            kind="accounts.confirm",
            to_address="ada@example.org",
            locale="en",
            subject=f"Letter {number}",
            text="Hello Ada, <look>",
            html="<p>Hello <script>alert(1)</script></p>",
            created_at=EARLIER,
        )
    )


def make_job(
    state: JobState = JobState.DEAD,
    dedupe_key: str | None = None,
    *,
    mail_id: int = 1,
    kind: str = SEND_MAIL,
) -> Job:
    return save(
        Job(
            kind=kind,
            payload={"mail_id": mail_id},
            dedupe_key=dedupe_key,
            state=state,
            created_at=EARLIER,
            run_at=EARLIER,
            attempts=MAX_ATTEMPTS,
            last_error="SMTPException: nobody home",
        )
    )


@pytest.mark.parametrize("path", PATHS)
def test_nobody_else_knows_these_pages(client: TestClient, sign_in: SignIn, path: str) -> None:
    make_mail()

    assert client.get(path).status_code == 303
    assert sign_in(make_user(is_regional_developer=True)).get(path).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_administrators_do(browser: TestClient, path: str) -> None:
    make_mail()

    assert browser.get(path).status_code == 200


def test_a_mail_is_shown_as_text_only(browser: TestClient) -> None:
    mail = make_mail()

    text = browser.get(f"/administration/mails/{mail.id}").text

    assert "Hello Ada, &lt;look&gt;" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text
    assert browser.get("/administration/mails/99").status_code == 404


def test_mails_are_listed_newest_first_in_pages(browser: TestClient) -> None:
    for number in range(1, 22):
        make_mail(number)

    first, second = (browser.get(f"/administration/mails?page={n}").text for n in (1, 2))

    assert first.index("Letter 21<") < first.index("Letter 20<")
    assert "Letter 1<" not in first
    assert "Letter 1<" in second


@pytest.mark.parametrize("page", ["mails", "jobs?state=dead"])
def test_the_number_of_statements_does_not_grow_with_the_rows(
    page: str, browser: TestClient, session_factory: sessionmaker[Session]
) -> None:
    make_mail(1)
    make_job()
    with statements(session_factory) as one:
        browser.get(f"/administration/{page}")
    for number in (2, 3):
        make_mail(number)
        make_job()
    with statements(session_factory) as three:
        browser.get(f"/administration/{page}")

    assert len(three) == len(one)


@pytest.mark.parametrize("state", JobState)
def test_jobs_are_listed_by_state(browser: TestClient, state: JobState) -> None:
    make_job(state)

    text = browser.get(f"/administration/jobs?state={state}").text

    assert "SMTPException: nobody home" in text
    assert f"{state.label} <strong>1</strong>" in text
    assert ("Try again" in text) == (state is JobState.DEAD)


def test_jobs_are_told_in_words_those_of_no_feature_by_their_codes(browser: TestClient) -> None:
    make_job()
    make_job(kind="gone.for_good")

    text = browser.get("/administration/jobs").text

    assert "Send an e-mail<br>" in text
    assert "gone.for_good<br>" in text


def test_a_job_given_up_is_tried_again(browser: TestClient, session: Session) -> None:
    mail, job = make_mail(), make_job()

    answer = browser.post(f"/administration/jobs/{job.id}/again")

    assert answer.status_code == 303
    session.expire_all()
    again = session.scalars(select(Job)).one()
    assert (again.state, again.attempts, again.payload) == (JobState.TODO, 0, {"mail_id": mail.id})
    assert mail.state is MailState.QUEUED


PLACES = ["/administration/mails", "/administration/mails/1"]


@pytest.mark.parametrize("path", PLACES)
def test_a_mail_that_was_given_up_does_not_wait(browser: TestClient, path: str) -> None:
    make_mail()
    job = make_job()
    shown = browser.get(path).text
    assert "Could not be sent" in shown
    assert "Waiting" not in shown

    browser.post(f"/administration/jobs/{job.id}/again")

    assert "Waiting" in browser.get(path).text


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize(
    "other",
    [{"state": JobState.TODO}, {"mail_id": 2}, {"kind": "gone.for_good"}],
    ids=["not given up", "of another e-mail", "of another kind"],
)
def test_a_mail_waits_while_its_own_job_does(
    browser: TestClient, path: str, other: dict[str, Any]
) -> None:
    make_mail()
    make_job(**other)

    shown = browser.get(path).text

    assert "Waiting" in shown
    assert "Could not be sent" not in shown


def test_a_mail_that_was_given_up_says_why_and_is_tried_again(browser: TestClient) -> None:
    mail, job = make_mail(), make_job()

    shown = browser.get(f"/administration/mails/{mail.id}").text

    assert "SMTPException: nobody home" in shown
    assert f'action="/administration/jobs/{job.id}/again"' in shown


@pytest.mark.parametrize("state", [MailState.UNSURE, MailState.SENT])
def test_a_mail_that_may_be_out_is_not_said_to_be_unsent(
    browser: TestClient, session: Session, state: MailState
) -> None:
    mail = make_mail()
    mail.state = state
    session.commit()
    make_job()

    shown = browser.get("/administration/mails").text

    assert str(state.label) in shown
    assert "Could not be sent" not in shown


def test_a_newer_job_for_the_same_thing_is_enough(browser: TestClient, session: Session) -> None:
    dead, waiting = make_job(dedupe_key="x"), make_job(JobState.TODO, dedupe_key="x")

    browser.post(f"/administration/jobs/{dead.id}/again")

    session.expire_all()
    assert session.scalars(select(Job.id)).all() == [waiting.id]


@pytest.mark.parametrize("state", [JobState.TODO, JobState.DOING, JobState.DONE])
def test_other_jobs_are_left_alone(browser: TestClient, session: Session, state: JobState) -> None:
    job = make_job(state)

    answer = browser.post(f"/administration/jobs/{job.id}/again")

    assert answer.status_code == 409
    session.refresh(job)
    assert job.state is state


def test_nobody_else_tries_again(client: TestClient, sign_in: SignIn, session: Session) -> None:
    job = make_job()

    assert client.post(f"/administration/jobs/{job.id}/again").status_code == 401
    assert sign_in(make_user()).post(f"/administration/jobs/{job.id}/again").status_code == 404
    session.refresh(job)
    assert job.state is JobState.DEAD


def test_the_journal_is_checked_when_asked(
    browser: TestClient, session: Session, runner: JobRunner, settings: Settings
) -> None:
    path = "/administration/journal"
    assert "Not checked yet" in browser.get(path).text
    user = make_user()
    journal.record(session, user, "user.roles_changed", by=TIMER, at=EARLIER)
    session.commit()

    for _ in range(2):
        assert browser.post(path).status_code == 303
    assert "A check is waiting" in browser.get(path).text
    runner.drain()
    whole = browser.get(path).text
    (head,) = read_heads(settings.data_dir / HEADS_FILE)
    let_events_be_changed(session)
    session.execute(text("UPDATE events SET reason = 'nicer'"))
    browser.post(path)
    runner.drain()

    assert "The journal is whole" in whole
    assert f"1:{head.digest}" in whole
    broken = browser.get(path).text
    assert "The journal is not whole" in broken
    assert "An event is not what was written, or not in its place. Place in the chain: 1." in broken
    assert read_heads(settings.data_dir / HEADS_FILE) == [head]  # of a broken chain none is kept


def test_the_kind_of_an_email_is_said_in_words_where_there_are_any(
    browser: TestClient, session: Session
) -> None:
    known, unknown = make_mail(1), make_mail(2)
    known.kind, unknown.kind = "messages.digest", "gone.feature"
    session.commit()

    text = browser.get("/administration/mails").text

    assert "What happened, in one e-mail" in text
    assert "gone.feature" in text
    assert "messages.digest" in browser.get(f"/administration/mails/{known.id}").text


def test_the_index_is_compared_on_request_and_the_work_can_be_followed(
    browser: TestClient, session: Session, runner: JobRunner
) -> None:
    for _ in range(2):
        answer = browser.post("/administration/index")
        assert answer.headers["location"] == "/administration/jobs?state=todo"
    jobs = select(Job).where(Job.kind == INDEX_DIFFERS)
    [job] = session.scalars(jobs).all()
    [work] = session.scalars(select(AwaitedWork)).all()
    assert (work.job_id, work.kind) == (job.id, WorkKind.INDEX)
    assert "Comparing the index with the records" in browser.get("/home").text

    runner.drain()

    session.refresh(job)
    assert job.state is JobState.DONE
    assert "Done." in browser.get(f"/progress/{work.id}").text


def test_how_far_a_running_job_is_stands_beside_it(browser: TestClient) -> None:
    job = make_job(JobState.DOING)
    job.progress_done, job.progress_total = 40, 1000
    save(job)

    assert "40 of 1,000 done" in browser.get("/administration/jobs?state=doing").text
