"""A month after an end without pilot both sides are asked, once; and the card of what came."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState, Ending
from app.core import daily
from app.core.job_runner import JobRunner
from app.outcomes.jobs import DAILY
from app.outcomes.models import Outcome, OutcomeQuestion
from app.pilots.models import PilotState
from app.responses.models import ResponseState
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories import save
from tests.factories.casts import Cast, make_cast
from tests.factories.outcomes import make_outcome_question
from tests.factories.people import make_organisation
from tests.factories.pilots import make_pilot
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]


@pytest.fixture
def cast(session: Session) -> Cast:
    cast = make_cast(state=ChallengeState.COMPLETED)
    cast.challenge.ending = Ending.AWARDED
    cast.challenge.decided_at = cast.challenge.ended_at = NOON
    cast.challenge.closes_at = NOON - timedelta(days=60)
    save(cast.challenge)
    return cast


def look_back(session: Session, clock: FakeClock, runner: JobRunner, *, days: int) -> None:
    """Let the morning come on which so many days have passed since the end."""
    daily.start(session, DAILY, at=clock.now)
    session.commit()
    clock.now = datetime(2030, 6, 3, 12, tzinfo=UTC) + timedelta(days=days)
    runner.drain()


def test_both_sides_are_asked_once(
    session: Session, cast: Cast, sign_in: SignIn, clock: FakeClock, runner: JobRunner,
    mail: KeptMail,
) -> None:  # fmt: skip
    make_response(cast.challenge, cast.startup, state=ResponseState.ACCEPTED)
    make_response(cast.challenge, cast.rivals_organisation, state=ResponseState.NOT_SELECTED)
    look_back(session, clock, runner, days=29)
    assert session.scalars(select(OutcomeQuestion)).all() == []

    for days in (31, 32, 33):
        look_back(session, clock, runner, days=days)

    subject = "What came of “Shore power for ferries at berth”?"
    told = {who: [m["Subject"] for m in mail.to(getattr(cast, who).email)] for who in (
        "owner", "responder", "rival", "curator",
    )}  # fmt: skip
    assert told == {"owner": [subject], "responder": [subject], "rival": [], "curator": []}
    questions = session.scalars(select(OutcomeQuestion)).all()
    assert {each.organisation_id for each in questions} == {
        cast.challenge.owner_id, cast.startup.id,
    }  # fmt: skip
    assert "/outcomes/" in sign_in(cast.responder).get("/home").text


def test_nobody_is_asked_after_a_pilot(
    session: Session, cast: Cast, clock: FakeClock, runner: JobRunner
) -> None:
    response = make_response(cast.challenge, cast.startup, state=ResponseState.COMPLETED)
    make_pilot(response, state=PilotState.COMPLETED)

    look_back(session, clock, runner, days=40)

    assert session.scalars(select(OutcomeQuestion)).all() == []


@pytest.mark.parametrize("is_public", ["1", ""])
def test_a_side_answers_once_and_says_who_may_read_it(
    session: Session, cast: Cast, client: TestClient, sign_in: SignIn, is_public: str
) -> None:
    question = make_outcome_question(cast.challenge, cast.startup)
    browser, path = sign_in(cast.responder), f"/outcomes/{question.id}"
    assert browser.get(path).status_code == 200
    assert browser.post(path, data={"note": "Good."}).status_code == 422
    typed = {"outcome": "contract", "amount_eur": "31000", "note": "We run it now."}

    answer = browser.post(path, data={**typed, "is_public": is_public})
    second = browser.post(path, data={"outcome": "nothing"})

    session.refresh(question)
    assert (answer.status_code, second.status_code) == (303, 409)
    assert (question.outcome, question.amount_eur) == (Outcome.CONTRACT, 31_000)
    assert (question.answered_at, question.is_public) == (NOON, bool(is_public))
    page = client.get(f"/challenges/{cast.challenge.id}").text
    assert ("We run it now." in page, "€31,000" in page) == (bool(is_public), bool(is_public))


@pytest.mark.parametrize("who", ["owner", "responders_reader", "rival", "region"])
def test_nobody_answers_for_another_organisation(
    session: Session, cast: Cast, sign_in: SignIn, who: str
) -> None:
    question = make_outcome_question(cast.challenge, cast.startup)
    browser, path = sign_in(getattr(cast, who)), f"/outcomes/{question.id}"

    assert browser.get(path).status_code == 404
    assert browser.post(path, data={"outcome": "nothing"}).status_code == 404
    session.refresh(question)
    assert question.answered_at is None


def test_an_amount_goes_with_a_contract_only(session: Session, cast: Cast, sign_in: SignIn) -> None:
    question = make_outcome_question(cast.challenge, cast.startup)

    sign_in(cast.responder).post(
        f"/outcomes/{question.id}", data={"outcome": "talking", "amount_eur": "5"}
    )

    session.refresh(question)
    assert (question.outcome, question.amount_eur) == (Outcome.TALKING, None)


def test_the_card_names_those_chosen_once_they_accepted(
    session: Session, cast: Cast, client: TestClient
) -> None:
    make_response(cast.challenge, cast.startup, state=ResponseState.ACCEPTED)
    waiting = make_organisation(name="Still Thinking")
    make_response(cast.challenge, waiting, state=ResponseState.SELECTED)
    make_response(cast.challenge, cast.rivals_organisation, state=ResponseState.NOT_SELECTED)

    page = client.get(f"/challenges/{cast.challenge.id}").text

    assert "The outcome at a glance" in page
    names = {name for name in ("Quay Plug", "Still Thinking", "Rival Cable") if name in page}
    assert names == {"Quay Plug"}


def test_the_card_keeps_what_a_pilot_hides(
    session: Session, cast: Cast, client: TestClient
) -> None:
    response = make_response(cast.challenge, cast.startup, state=ResponseState.COMPLETED)
    pilot = make_pilot(response, state=PilotState.COMPLETED)
    assert "€48,000" in client.get(f"/challenges/{cast.challenge.id}").text
    pilot.hidden_by_responder = ["responder"]
    pilot.hidden_by_owner = ["payment"]
    save(pilot)

    page = client.get(f"/challenges/{cast.challenge.id}").text

    assert pilot.title in page
    assert ("Quay Plug" in page, "€48,000" in page) == (False, False)


@pytest.mark.parametrize(
    "state", [ChallengeState.OPEN, ChallengeState.EVALUATING, ChallengeState.CANCELLED]
)
def test_there_is_no_card_before_the_release(
    session: Session, cast: Cast, client: TestClient, state: ChallengeState
) -> None:
    make_response(cast.challenge, cast.startup, state=ResponseState.ACCEPTED)
    cast.challenge.state = state
    save(cast.challenge)

    page = client.get(f"/challenges/{cast.challenge.id}").text

    assert "The outcome at a glance" not in page
    assert "Quay Plug" not in page
