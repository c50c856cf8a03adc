"""Disqualification: evidence, five days to reply, then confirmed or lifted; both sides know."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core.job_runner import JobRunner
from app.core.journal import history
from app.disqualifications.models import Case
from app.responses.models import Response, ResponseState
from app.reviews.models import Outcome
from tests.conftest import FakeClock, KeptMail
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.decisions import make_decision
from tests.factories.evaluations import make_evaluator, make_sheet
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
S = ResponseState
NOW = CLOSES + timedelta(days=1)
EVIDENCE = "The test report names the berth of another company."
REPLY = "We tested at that berth as a subcontractor."
REASON = "The subcontract is dated after the test."


@pytest.fixture
def cast(session: Session, clock: FakeClock) -> Cast:
    clock.now = NOW
    return make_cast(state=ChallengeState.EVALUATING)


@pytest.fixture
def response(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=S.IN_EVALUATION)


def path_of(response: Response) -> str:
    return f"/responses/{response.id}/disqualification"


def open_case(browser: TestClient, response: Response, evidence: str = EVIDENCE) -> int:
    return browser.post(path_of(response), data={"evidence": evidence}).status_code


def settle(browser: TestClient, response: Response, decision: str, reason: str = REASON) -> int:
    typed = {"decision": decision, "reason": reason}
    return browser.post(f"{path_of(response)}/settlement", data=typed).status_code


def test_evidence_then_a_reply_then_the_region_confirms(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    evaluator = make_evaluator(cast.challenge)
    evaluators_email = evaluator.user.email
    other = make_response(cast.challenge, cast.rivals_organisation, state=S.IN_EVALUATION)
    make_sheet(evaluator, other, 4, 4, 4)
    region, responder = sign_in(cast.region), sign_in(cast.responder)

    assert open_case(region, response, "Short.") == 422
    assert open_case(region, response) == 303
    assert open_case(region, response) == 409
    assert settle(region, response, "confirm") == 409  # the right of reply comes first
    runner.drain()
    assert EVIDENCE in mail.to(cast.responder.email)[0].as_string()
    assert EVIDENCE in mail.to(cast.owner.email)[0].as_string()
    assert EVIDENCE in responder.get(path_of(response)).text

    assert responder.post(f"{path_of(response)}/reply", data={"reply": REPLY}).status_code == 303
    assert responder.post(f"{path_of(response)}/reply", data={"reply": REPLY}).status_code == 409
    runner.drain()
    assert REPLY in mail.to(cast.region.email)[0].as_string()
    session.refresh(response)
    assert response.state.value == "in_evaluation"

    mail.messages.clear()
    assert settle(region, response, "confirm", "Short.") == 422
    assert settle(region, response, "confirm") == 303
    runner.drain()

    for row in (response, evaluator):
        session.refresh(row)
    assert response.state is S.DISQUALIFIED
    assert history(session, response)[0].reason == REASON
    assert evaluator.state.value == "done"  # nothing is left to score
    for person in (cast.responder, cast.owner):
        assert REASON in mail.to(person.email)[0].as_string()
    assert len(mail.to(evaluators_email)) == 1


def test_lifted_the_answer_goes_on(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    region = sign_in(cast.region)
    open_case(region, response)

    assert settle(region, response, "lift") == 303
    assert settle(region, response, "lift") == 409

    session.refresh(response)
    case = session.scalars(select(Case)).one()
    assert (response.state, case.is_confirmed, case.settlement) == (S.IN_EVALUATION, False, REASON)
    assert open_case(region, response) == 303  # another may follow


def test_a_reminder_then_the_end_of_the_term(
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    open_case(sign_in(cast.region), response)
    runner.drain()
    mail.messages.clear()

    clock.now = NOW + timedelta(days=4)
    runner.drain()
    assert [message["To"] for message in mail.messages] == [cast.responder.email]

    clock.now = NOW + timedelta(days=5) - timedelta(seconds=1)
    runner.drain()
    assert settle(sign_in(cast.region), response, "confirm") == 409

    clock.now = NOW + timedelta(days=5)
    late = sign_in(cast.responder).post(f"{path_of(response)}/reply", data={"reply": REPLY})
    runner.drain()
    assert late.status_code == 409
    assert REPLY in late.text
    assert [message["To"] for message in mail.messages[1:]] == [cast.region.email]
    assert settle(sign_in(cast.region), response, "confirm") == 303


def test_nobody_is_reminded_who_has_replied(
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    open_case(sign_in(cast.region), response)
    sign_in(cast.responder).post(f"{path_of(response)}/reply", data={"reply": REPLY})
    runner.drain()
    mail.messages.clear()

    clock.advance(days=30)
    runner.drain()

    assert mail.messages == []


def test_a_place_that_becomes_free_goes_to_the_reserve(
    session: Session, sign_in: SignIn, clock: FakeClock, runner: JobRunner
) -> None:
    clock.now = NOW
    cast = make_cast(state=ChallengeState.DECIDED)
    selected = make_response(cast.challenge, cast.startup, state=S.ACCEPTED)
    reserve = make_response(cast.challenge, cast.rivals_organisation, state=S.RESERVE)
    make_decision(reserve, outcome=Outcome.RESERVE)
    open_case(sign_in(cast.region), selected)
    clock.advance(days=5)

    assert settle(sign_in(cast.region), selected, "confirm") == 303
    runner.drain()

    for row in (selected, reserve):
        session.refresh(row)
    assert (selected.state, reserve.state) == (S.DISQUALIFIED, S.SELECTED)


@pytest.mark.parametrize(
    ("who", "status_code"),
    [("owner", 403), ("curator", 403), ("responder", 403), ("administrator", 404), ("rival", 404)],
)
def test_only_the_region_opens_and_settles(
    session: Session, cast: Cast, response: Response, sign_in: SignIn, who: str, status_code: int
) -> None:
    browser = sign_in(getattr(cast, who))

    assert open_case(browser, response) == status_code
    assert settle(browser, response, "confirm") == status_code
    assert browser.get(path_of(response)).status_code == 404
    assert session.scalars(select(Case)).all() == []


@pytest.mark.parametrize(
    ("who", "status_code"), [("responders_reader", 403), ("owner", 403), ("region", 403)]
)
def test_only_those_who_write_for_the_organisation_reply(
    session: Session, cast: Cast, response: Response, sign_in: SignIn, who: str, status_code: int
) -> None:
    open_case(sign_in(cast.region), response)

    answer = sign_in(getattr(cast, who)).post(f"{path_of(response)}/reply", data={"reply": REPLY})

    assert answer.status_code == status_code
    assert session.scalars(select(Case)).one().replied_at is None
