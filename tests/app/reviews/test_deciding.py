"""Evaluation and the prepared decision."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core.journal import history
from app.organisations.models import Organisation
from app.responses.models import Response, ResponseState
from app.reviews.actions.deciding import DECIDABLE_STATES
from app.reviews.models import Decision, Outcome
from app.screenings.policy import TO_SCREEN
from tests.conftest import FakeClock
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.decisions import make_decision
from tests.factories.evaluations import make_evaluator
from tests.factories.people import make_member, make_organisation, make_user
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]

TYPED = {
    "version": "0",
    "outcome": "selected",
    "reason": "It connects a ferry in four minutes.",
    "feedback[0].strength": "Shown at a berth in 2029, by night.",
    "feedback[0].gap": "The price of the second arm is open.",
}


@pytest.fixture
def after_deadline(clock: FakeClock) -> None:
    clock.now = CLOSES + timedelta(hours=1)


@pytest.fixture
def closed(session: Session, after_deadline: None) -> Cast:
    return make_cast(state=ChallengeState.CLOSED)


@pytest.fixture
def cast(session: Session, after_deadline: None) -> Cast:
    return make_cast(state=ChallengeState.EVALUATING)


@pytest.fixture
def response(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=ResponseState.IN_EVALUATION)


def stored(session: Session, response: Response) -> Decision | None:
    session.expire_all()
    return session.scalar(select(Decision).where(Decision.response_id == response.id))


@pytest.mark.parametrize(
    ("who", "acting_for"),
    [("owner", "Port of Example"), ("curator", "Harbour Cluster"), ("region", "")],
)
def test_the_evaluation_begins_with_every_eligible_answer(
    session: Session, closed: Cast, sign_in: SignIn, who: str, acting_for: str
) -> None:
    make_evaluator(closed.challenge)
    make_evaluator(closed.challenge, make_user(name="Egon Evaluator"))
    handed_in = make_response(closed.challenge, closed.startup, state=ResponseState.ELIGIBLE)
    kept_back = make_response(
        closed.challenge, closed.rivals_organisation, state=ResponseState.DRAFT
    )

    answer = sign_in(getattr(closed, who)).post(f"/challenges/{closed.challenge.id}/evaluation")

    for row in (closed.challenge, handed_in, kept_back):
        session.refresh(row)
    assert answer.headers["location"] == f"/challenges/{closed.challenge.id}/decisions"
    assert closed.challenge.state is ChallengeState.EVALUATING
    assert handed_in.state is ResponseState.IN_EVALUATION
    assert kept_back.state is ResponseState.DRAFT
    assert history(session, handed_in)[0].organisation_name == acting_for


@pytest.mark.parametrize("state", sorted(TO_SCREEN))
def test_the_evaluation_waits_until_every_answer_is_screened(
    session: Session, closed: Cast, sign_in: SignIn, state: ResponseState
) -> None:
    screened = make_response(closed.challenge, closed.startup, state=ResponseState.ELIGIBLE)
    make_response(closed.challenge, closed.rivals_organisation, state=state)

    answer = sign_in(closed.owner).post(f"/challenges/{closed.challenge.id}/evaluation")

    session.refresh(closed.challenge)
    session.refresh(screened)
    assert answer.status_code == 409
    assert "The evaluation can start once every answer is screened." in answer.text
    assert closed.challenge.state is ChallengeState.CLOSED
    assert screened.state is ResponseState.ELIGIBLE


def test_the_evaluation_of_a_challenge_nobody_answered_begins_too(
    session: Session, closed: Cast, sign_in: SignIn
) -> None:
    browser = sign_in(closed.owner)

    browser.post(f"/challenges/{closed.challenge.id}/evaluation")

    session.refresh(closed.challenge)
    assert closed.challenge.state is ChallengeState.EVALUATING
    text = browser.get(f"/challenges/{closed.challenge.id}/decisions").text
    assert "Nobody answered, so there is nothing to decide." in text
    assert "Release the result" in text


@pytest.mark.parametrize("who", ["owners_reader", "responder", "rival", "administrator"])
def test_others_do_not_start_the_evaluation(
    session: Session, closed: Cast, sign_in: SignIn, who: str
) -> None:
    answer = sign_in(getattr(closed, who)).post(f"/challenges/{closed.challenge.id}/evaluation")

    session.refresh(closed.challenge)
    assert answer.status_code == 403
    assert closed.challenge.state is ChallengeState.CLOSED


def test_a_visitor_does_not_start_the_evaluation(client: TestClient, closed: Cast) -> None:
    assert client.post(f"/challenges/{closed.challenge.id}/evaluation").status_code == 401


@pytest.mark.parametrize("state", [s for s in ChallengeState if s is not ChallengeState.CLOSED])
def test_the_evaluation_starts_only_from_closed(
    session: Session, sign_in: SignIn, after_deadline: None, state: ChallengeState
) -> None:
    cast = make_cast(state=state)

    answer = sign_in(cast.owner).post(f"/challenges/{cast.challenge.id}/evaluation")

    session.refresh(cast.challenge)
    assert answer.status_code == 409
    assert cast.challenge.state is state


def test_the_evaluation_does_not_start_one_second_before_the_deadline(
    session: Session, closed: Cast, sign_in: SignIn, clock: FakeClock
) -> None:
    clock.now = CLOSES - timedelta(seconds=1)

    answer = sign_in(closed.owner).post(f"/challenges/{closed.challenge.id}/evaluation")

    session.refresh(closed.challenge)
    assert answer.status_code == 409
    assert closed.challenge.state is ChallengeState.CLOSED


def test_a_decision_is_prepared_beside_the_answer_and_told_to_nobody(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    browser, address = sign_in(cast.owner), f"/responses/{response.id}/decision"

    page = browser.get(address)
    answer = browser.post(address, data=TYPED)

    decision = stored(session, response)
    assert "We mount a crane arm" in page.text
    assert answer.headers["location"] == f"/challenges/{cast.challenge.id}/decisions"
    assert decision is not None
    assert (decision.outcome, decision.released_at) == (Outcome.SELECTED, None)
    assert decision.reason == TYPED["reason"]
    assert decision.prepared_by_name == cast.owner.name
    assert response.state is ResponseState.IN_EVALUATION
    responders_page = sign_in(cast.responder).get(f"/responses/{response.id}").text
    assert TYPED["reason"] not in responders_page
    assert "prepared" not in responders_page.lower()


def test_a_prepared_decision_can_be_changed(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    make_decision(response)
    browser, address = sign_in(cast.owner), f"/responses/{response.id}/decision"

    page = browser.get(address)
    answer = browser.post(address, data=TYPED | {"version": "1", "outcome": "reserve"})

    decision = stored(session, response)
    assert "The berth has no room for the arm." in page.text
    assert answer.status_code == 303
    assert decision is not None
    assert (decision.outcome, decision.version) == (Outcome.RESERVE, 2)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("outcome", "", "Choose a decision."),
        ("outcome", "maybe", "“Decision”: choose one of the options."),
        ("reason", "", "Write the reason: the responder will read it."),
        ("reason", "Too short.", "Reason: write at least 20 characters."),
        ("feedback[0].strength", "", "C1: name a strength, in at least 20 characters."),
        ("feedback[0].strength", "Too short.", "C1: name a strength, in at least 20 characters."),
        ("feedback[0].gap", "", "C1: name a gap, in at least 20 characters"),
        ("feedback[0].gap", " " * 30, "C1: name a gap, in at least 20 characters"),
        ("feedback[0].gap", "Too short.", "C1: name a gap, in at least 20 characters"),
    ],
)
def test_each_part_of_a_decision_is_owed(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    field: str,
    value: str,
    message: str,
) -> None:
    typed = TYPED | {field: value}

    answer = sign_in(cast.owner).post(f"/responses/{response.id}/decision", data=typed)

    kept = next(text for name, text in TYPED.items() if name not in {"version", "outcome", field})
    assert answer.status_code == 422
    assert message in answer.text
    assert kept in answer.text
    assert stored(session, response) is None


def test_the_second_decider_loses_nothing_and_sees_what_changed(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    address = f"/responses/{response.id}/decision"
    first, second = (
        sign_in(cast.owner),
        sign_in(make_member(session.get_one(Organisation, cast.challenge.owner_id))),
    )
    first.post(address, data=TYPED | {"reason": "The first decider's long reason."})

    refused = second.post(address, data=TYPED | {"reason": "The second decider's long reason."})

    decision = stored(session, response)
    assert refused.status_code == 409
    assert "Somebody else stored a decision on this answer" in refused.text
    assert "The first decider&#39;s long reason." in refused.text
    assert "The second decider&#39;s long reason." in refused.text
    assert decision is not None
    assert decision.reason == "The first decider's long reason."


@pytest.mark.parametrize("state", sorted(set(ResponseState) - DECIDABLE_STATES))
def test_decisions_are_written_only_during_the_evaluation(
    session: Session, cast: Cast, sign_in: SignIn, state: ResponseState
) -> None:
    response = make_response(cast.challenge, cast.startup, state=state)
    browser, address = sign_in(cast.owner), f"/responses/{response.id}/decision"
    expected = 404 if state in {ResponseState.DRAFT, ResponseState.WITHDRAWN} else 409

    assert browser.get(address).status_code == expected
    assert browser.post(address, data=TYPED).status_code == expected
    assert stored(session, response) is None


@pytest.mark.parametrize(
    ("who", "status_code"),
    [
        ("owners_reader", 403),
        ("curator", 403),
        ("region", 403),
        ("responder", 403),
        ("rival", 404),
        ("administrator", 404),
    ],
)
def test_others_do_not_decide(
    session: Session, cast: Cast, response: Response, sign_in: SignIn, who: str, status_code: int
) -> None:
    browser, address = sign_in(getattr(cast, who)), f"/responses/{response.id}/decision"

    assert browser.get(address).status_code == status_code
    assert browser.post(address, data=TYPED).status_code == status_code
    assert stored(session, response) is None


def test_nobody_decides_on_an_answer_of_their_own_organisation(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    make_member(cast.startup, user=cast.owner)
    make_decision(response)
    browser = sign_in(cast.owner)

    answer = browser.post(f"/responses/{response.id}/decision", data=TYPED | {"version": "1"})

    decision = stored(session, response)
    assert answer.status_code == 403
    assert decision is not None
    assert decision.version == 1
    for address in (f"/responses/{response.id}", f"/challenges/{cast.challenge.id}/decisions"):
        assert decision.reason not in browser.get(address).text


def test_the_page_leads_to_the_undecided_neighbours(
    cast: Cast, response: Response, sign_in: SignIn
) -> None:
    in_evaluation = ResponseState.IN_EVALUATION
    names = ("Decided Already", "Second Undecided", "Third Undecided")
    decided, second, third = (
        make_response(cast.challenge, make_organisation(name=name), state=in_evaluation)
        for name in names
    )
    make_decision(decided)

    text = sign_in(cast.owner).get(f"/responses/{second.id}/decision").text

    assert "3 answers are still undecided." in text
    assert f'href="/responses/{response.id}/decision"' in text
    assert "Previous undecided: Quay Plug" in text
    assert f'href="/responses/{third.id}/decision"' in text
    assert "Next undecided: Third Undecided" in text
    assert "Decided Already" not in text


def test_the_overview_shows_every_answer_with_its_prepared_decision(
    cast: Cast, response: Response, sign_in: SignIn
) -> None:
    make_decision(response)
    make_response(cast.challenge, cast.rivals_organisation, state=ResponseState.IN_EVALUATION)

    for person in cast.receivers:
        text = sign_in(person).get(f"/challenges/{cast.challenge.id}/decisions").text

        assert "The berth has no room for the arm." in text
        assert "1 answer is still undecided." in text
        assert "Rival Cable" in text
        assert (">Decide<" in text) == (person is cast.owner)
        assert "decisions/release" not in text


@pytest.mark.parametrize("who", ["responder", "rival", "administrator"])
@pytest.mark.parametrize("page", ["responses", "decisions"])
def test_others_do_not_see_what_a_challenge_received(
    cast: Cast, response: Response, sign_in: SignIn, who: str, page: str
) -> None:
    answer = sign_in(getattr(cast, who)).get(f"/challenges/{cast.challenge.id}/{page}")

    assert answer.status_code == 403


def test_before_the_deadline_the_overview_leads_to_the_count(
    session: Session, clock: FakeClock, sign_in: SignIn
) -> None:
    cast = make_cast()
    make_response(cast.challenge, cast.startup)
    browser = sign_in(cast.owner)

    answer = browser.get(f"/challenges/{cast.challenge.id}/decisions")

    assert answer.headers["location"] == f"/challenges/{cast.challenge.id}/responses"
    assert (
        "1 answer so far, sealed until 1 July 2030"
        in browser.get(f"/challenges/{cast.challenge.id}/responses").text
    )
    assert session.scalar(select(func.count(Decision.id))) == 0


@pytest.mark.parametrize(
    ("is_challenge", "is_organisation", "shown"),
    [(True, True, 1), (True, False, 1), (False, True, 1), (False, False, 0)],
)
def test_an_answer_says_once_that_it_is_a_sample(
    session: Session,
    sign_in: SignIn,
    cast: Cast,
    response: Response,
    *,
    is_challenge: bool,
    is_organisation: bool,
    shown: int,
) -> None:
    cast.challenge.is_sample, cast.startup.is_sample = is_challenge, is_organisation
    session.commit()

    page = sign_in(cast.owner).get(f"/responses/{response.id}")

    assert page.status_code == 200
    assert page.text.count(">Sample<") == shown
