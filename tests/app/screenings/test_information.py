"""The one question about an answer, its reply, and the end of its term."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core.job_runner import JobRunner
from app.responses.models import Response, ResponseState
from app.screenings.models import InformationRequest
from tests.conftest import FakeClock, KeptMail
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.responses import make_response
from tests.factories.screenings import make_information_request

SignIn = Callable[[User], TestClient]
QUESTION = "At which voltage was the arm tested?"
ASKED = CLOSES + timedelta(days=1)


@pytest.fixture
def cast(session: Session, clock: FakeClock) -> Cast:
    clock.now = ASKED
    return make_cast(state=ChallengeState.CLOSED)


@pytest.fixture
def response(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=ResponseState.SCREENING)


@pytest.fixture
def asked(cast: Cast, response: Response, sign_in: SignIn, runner: JobRunner) -> Response:
    ask(sign_in(cast.curator), response)
    runner.drain()
    return response


def ask(browser: TestClient, response: Response, *, days: int = 5) -> int:
    """Ask and return the status code."""
    typed = {"question": QUESTION, "days": str(days)}
    return browser.post(f"/responses/{response.id}/screening/question", data=typed).status_code


def reply(browser: TestClient, response: Response, text: str = "At 400 volts.") -> int:
    """Reply and return the status code."""
    address = f"/responses/{response.id}/information"
    return browser.post(address, data={"reply": text}).status_code


def test_the_responder_is_asked_and_replies(
    session: Session,
    cast: Cast,
    asked: Response,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    session.refresh(asked)
    assert asked.state == "more_info"
    (letter,) = mail.to(cast.responder.email)
    assert QUESTION in letter.as_string()
    browser = sign_in(cast.responder)
    assert f"/responses/{asked.id}/information" in browser.get("/home").text
    assert QUESTION in browser.get(f"/responses/{asked.id}/information").text

    assert reply(browser, asked) == 303
    runner.drain()

    session.refresh(asked)
    assert asked.state is ResponseState.SCREENING
    for person in (cast.curator, cast.owner):
        assert len(mail.to(person.email)) == 1
    assert "At 400 volts." in sign_in(cast.owner).get(f"/responses/{asked.id}/screening").text


def test_one_question_is_the_most(
    session: Session, cast: Cast, asked: Response, sign_in: SignIn
) -> None:
    reply(sign_in(cast.responder), asked)

    assert ask(sign_in(cast.owner), asked) == 409

    session.refresh(asked)
    assert asked.state is ResponseState.SCREENING


@pytest.mark.parametrize(("days", "status_code"), [(0, 422), (1, 303), (10, 303), (11, 422)])
def test_the_term_is_ten_days_at_most(
    cast: Cast, response: Response, sign_in: SignIn, days: int, status_code: int
) -> None:
    assert ask(sign_in(cast.owner), response, days=days) == status_code


def test_at_the_end_of_the_term_the_screening_goes_on(
    session: Session,
    cast: Cast,
    asked: Response,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    clock.now = ASKED + timedelta(days=5) - timedelta(seconds=1)
    runner.drain()
    session.refresh(asked)
    assert asked.state == "more_info"

    clock.now = ASKED + timedelta(days=5)
    runner.drain()

    session.refresh(asked)
    assert asked.state is ResponseState.SCREENING
    assert "has not replied in time" in mail.to(cast.curator.email)[-1].as_string()
    late = sign_in(cast.responder).post(
        f"/responses/{asked.id}/information", data={"reply": "At 400 volts, we think."}
    )
    assert late.status_code == 409
    assert "At 400 volts, we think." in late.text
    assert session.scalars(select(InformationRequest)).one().replied_at is None


def test_after_a_reply_the_end_of_the_term_changes_nothing(
    session: Session,
    cast: Cast,
    asked: Response,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    reply(sign_in(cast.responder), asked)
    runner.drain()
    clock.now = ASKED + timedelta(days=30)

    runner.drain()

    session.refresh(asked)
    assert asked.state is ResponseState.SCREENING
    assert len(mail.to(cast.curator.email)) == 1


@pytest.mark.parametrize(
    ("who", "status_code"),
    [("owner", 403), ("curator", 403), ("responders_reader", 403), ("rival", 404)],
)
def test_others_do_not_reply(
    session: Session, cast: Cast, sign_in: SignIn, who: str, status_code: int
) -> None:
    response = make_response(cast.challenge, cast.startup, state=ResponseState.MORE_INFO)
    make_information_request(response)

    assert reply(sign_in(getattr(cast, who)), response) == status_code

    session.refresh(response)
    assert response.state is ResponseState.MORE_INFO


def test_an_empty_reply_is_none(cast: Cast, asked: Response, sign_in: SignIn) -> None:
    assert reply(sign_in(cast.responder), asked, " ") == 422
