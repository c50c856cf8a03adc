"""After the release: ten days to accept or refuse, and a reserve that moves up."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core.job_runner import JobRunner
from app.core.journal import history
from app.responses.models import Response, ResponseState
from app.reviews.models import Outcome
from tests.conftest import FakeClock, KeptMail
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.decisions import make_decision
from tests.factories.people import make_member, make_organisation
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
RELEASED = CLOSES + timedelta(days=9)
REFUSAL = "We have sold our last arm elsewhere."


@pytest.fixture
def cast(session: Session, clock: FakeClock) -> Cast:
    clock.now = RELEASED
    return make_cast(state=ChallengeState.EVALUATING)


@pytest.fixture
def selected(
    cast: Cast, sign_in: SignIn, reserve: list[Response], runner: JobRunner, mail: KeptMail
) -> Response:
    """The one selected, after the release; nobody has been written to since."""
    response = make_response(cast.challenge, cast.startup, state=ResponseState.IN_EVALUATION)
    make_decision(response, outcome=Outcome.SELECTED)
    sign_in(cast.owner).post(f"/challenges/{cast.challenge.id}/decisions/release")
    runner.drain()
    mail.messages.clear()
    return response


@pytest.fixture
def reserve(session: Session, cast: Cast) -> list[Response]:
    """Two in reserve: the second one handed in has the first place."""
    second = make_response(
        cast.challenge, cast.rivals_organisation, state=ResponseState.IN_EVALUATION
    )
    first = make_response(
        cast.challenge, make_organisation(name="First in Line"), state=ResponseState.IN_EVALUATION
    )
    for place, response in ((1, first), (2, second)):
        decision = make_decision(response, outcome=Outcome.RESERVE)
        decision.reserve_place = place
    session.commit()
    return [first, second]


def reply(browser: TestClient, response: Response, answer: str, reason: str = "") -> int:
    """Reply to a selection and return the status code."""
    address = f"/responses/{response.id}/acceptance"
    return browser.post(address, data={"reply": answer, "reason": reason}).status_code


def states(session: Session, *responses: Response) -> list[str]:
    for response in responses:
        session.refresh(response)
    return [response.state.value for response in responses]


def test_the_responder_accepts_and_everybody_concerned_is_told(
    session: Session,
    cast: Cast,
    selected: Response,
    reserve: list[Response],
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    browser = sign_in(cast.responder)
    assert "21 July 2030" in browser.get(f"/responses/{selected.id}/acceptance").text
    assert f"/responses/{selected.id}/acceptance" in browser.get("/home").text

    assert reply(browser, selected, "accept") == 303
    runner.drain()

    assert states(session, selected, *reserve) == ["accepted", "reserve", "reserve"]
    told = {message["To"] for message in mail.messages}
    assert told == {cast.owner.email, cast.curator.email, cast.region.email}


def test_on_a_refusal_the_first_of_the_reserve_moves_up(
    session: Session,
    cast: Cast,
    selected: Response,
    reserve: list[Response],
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    first, second = reserve
    winner = make_member(first.organisation)

    assert reply(sign_in(cast.responder), selected, "refuse", REFUSAL) == 303
    runner.drain()

    assert states(session, selected, first, second) == ["refused", "selected", "reserve"]
    assert history(session, selected)[0].reason == REFUSAL
    (letter,) = mail.to(winner.email)
    assert "moved up" in letter["Subject"]
    assert "First in Line moves up from the reserve." in mail.to(cast.owner.email)[0].as_string()
    assert mail.to(cast.rival.email) == []
    assert reply(sign_in(winner), first, "accept") == 303


def test_a_refusal_owes_a_reason(
    session: Session, cast: Cast, selected: Response, sign_in: SignIn
) -> None:
    assert reply(sign_in(cast.responder), selected, "refuse", " ") == 422
    assert reply(sign_in(cast.responder), selected, "") == 422
    assert states(session, selected) == ["selected"]


def test_without_a_reserve_the_owner_is_told_so(
    session: Session,
    cast: Cast,
    selected: Response,
    reserve: list[Response],
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    rivals = sign_in(cast.rival)
    winner = sign_in(make_member(reserve[0].organisation))
    reply(sign_in(cast.responder), selected, "refuse", REFUSAL)
    reply(winner, reserve[0], "refuse", REFUSAL)

    assert reply(rivals, reserve[1], "refuse", REFUSAL) == 303
    runner.drain()

    assert states(session, selected, *reserve) == ["refused"] * 3
    assert "Nobody is left in the reserve." in mail.to(cast.owner.email)[-1].as_string()


def test_after_seven_days_a_nudge_and_after_ten_the_reserve(
    session: Session,
    cast: Cast,
    selected: Response,
    reserve: list[Response],
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    clock.now = RELEASED + timedelta(days=7) - timedelta(seconds=1)
    runner.drain()
    assert mail.messages == []

    clock.now = RELEASED + timedelta(days=7)
    runner.drain()
    assert [message["To"] for message in mail.messages] == [cast.responder.email]

    clock.now = RELEASED + timedelta(days=10) - timedelta(seconds=1)
    runner.drain()
    assert states(session, selected) == ["selected"]

    clock.now = RELEASED + timedelta(days=10)
    late = reply(sign_in(cast.responder), selected, "accept")
    runner.drain()

    assert late == 409
    assert states(session, selected, *reserve) == ["refused", "selected", "reserve"]
    assert "within ten days" in history(session, selected)[0].reason


def test_nobody_is_nudged_who_has_replied(
    cast: Cast,
    selected: Response,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    reply(sign_in(cast.responder), selected, "accept")
    runner.drain()
    mail.messages.clear()

    clock.now = RELEASED + timedelta(days=30)
    runner.drain()

    assert mail.messages == []


@pytest.mark.parametrize(
    ("who", "status_code"),
    [("responders_reader", 403), ("owner", 403), ("curator", 403), ("region", 403), ("rival", 404)],
)
def test_others_do_not_reply(
    session: Session, cast: Cast, selected: Response, sign_in: SignIn, who: str, status_code: int
) -> None:
    assert reply(sign_in(getattr(cast, who)), selected, "refuse", REFUSAL) == status_code
    assert states(session, selected) == ["selected"]


@pytest.mark.parametrize("state", [s for s in ResponseState if s is not ResponseState.SELECTED])
def test_only_a_selection_is_accepted(
    session: Session, cast: Cast, sign_in: SignIn, state: ResponseState
) -> None:
    response = make_response(cast.challenge, cast.startup, state=state)

    assert reply(sign_in(cast.responder), response, "accept") == 409
    assert states(session, response) == [state.value]
