"""Two stages: a shortlist agreed to and released in one act, then the final decisions."""

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
from app.reviews.models import Decision, Outcome
from tests.conftest import FakeClock, KeptMail
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.decisions import make_decision
from tests.factories.evaluations import make_evaluator
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
S = ResponseState
RELEASED = CLOSES + timedelta(days=9)


@pytest.fixture
def cast(session: Session, clock: FakeClock) -> Cast:
    clock.now = RELEASED
    return make_cast(state=ChallengeState.EVALUATING)


@pytest.fixture
def first(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=S.IN_EVALUATION)


@pytest.fixture
def second(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.rivals_organisation, state=S.IN_EVALUATION)


def states(session: Session, cast: Cast, *responses: Response) -> list[str]:
    session.expire_all()
    return [cast.challenge.state.value, *(response.state.value for response in responses)]


def act(browser: TestClient, cast: Cast, what: str, **typed: str) -> int:
    return browser.post(f"/challenges/{cast.challenge.id}/decisions/{what}", data=typed).status_code


def test_a_shortlist_is_agreed_to_and_released_in_one_act(
    session: Session,
    cast: Cast,
    first: Response,
    second: Response,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    invited = make_decision(first, outcome=Outcome.SHORTLISTED)
    make_decision(second, outcome=Outcome.NOT_SHORTLISTED)
    owner, curator = sign_in(cast.owner), sign_in(cast.curator)
    path = f"/challenges/{cast.challenge.id}/decisions"

    assert act(owner, cast, "release") == 409  # nobody has agreed
    assert act(owner, cast, "agreement") == 403
    assert act(owner, cast, "proposal") == 303
    runner.drain()
    assert {m["To"] for m in mail.messages} == {cast.curator.email, cast.region.email}
    assert "Agree to this shortlist" in curator.get(path).text
    assert act(curator, cast, "agreement") == 303
    mail.messages.clear()
    assert states(session, cast, first, second) == ["evaluating", *["in_evaluation"] * 2]
    assert "Release the shortlist" in owner.get(f"{path}/release").text
    assert act(owner, cast, "release") == 303
    runner.drain()

    assert states(session, cast, first, second) == ["shortlisted", "shortlisted", "not_shortlisted"]
    assert invited.released_at == RELEASED
    (to_first,), (to_second,) = mail.to(cast.responder.email), mail.to(cast.rival.email)
    assert to_first["Date"] == to_second["Date"]
    assert "The final decision follows" in to_first.as_string()
    assert "The berth has no room for the arm." in to_second.as_string()
    rivals_page = sign_in(cast.rival).get(f"/responses/{second.id}").text
    assert "Nothing on salt and ice in winter." in rivals_page


def test_after_the_shortlist_its_answers_are_decided_for_good(
    session: Session,
    clock: FakeClock,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    clock.now = RELEASED
    cast = make_cast(state=ChallengeState.SHORTLISTED)
    first = make_response(cast.challenge, cast.startup, state=S.SHORTLISTED)
    second = make_response(cast.challenge, cast.rivals_organisation, state=S.NOT_SHORTLISTED)
    for response, outcome in ((first, Outcome.SHORTLISTED), (second, Outcome.NOT_SHORTLISTED)):
        make_decision(response, outcome=outcome).released_at = CLOSES
    session.commit()
    owner = sign_in(cast.owner)

    form = owner.get(f"/responses/{first.id}/decision").text
    assert ('value="selected"' in form, 'value="shortlisted"' in form) == (True, False)
    assert act(owner, cast, "release") == 409  # the invitation is no final decision
    typed = {
        "version": "0",
        "outcome": "selected",
        "reason": "The visit showed that it works in winter.",
        "feedback[0].strength": "Shown at a berth in 2029, by night.",
        "feedback[0].gap": "The price of the second arm is open.",
    }
    again = owner.post(f"/responses/{first.id}/decision", data=typed | {"outcome": "shortlisted"})
    assert again.status_code == 409
    assert owner.post(f"/responses/{first.id}/decision", data=typed).status_code == 303
    assert act(owner, cast, "release") == 303
    runner.drain()

    assert states(session, cast, first, second) == ["decided", "selected", "not_shortlisted"]
    assert len(mail.to(cast.responder.email)) == 1
    assert mail.to(cast.rival.email) == []  # told already
    both = sign_in(cast.responder).get(f"/responses/{first.id}").text
    assert "The visit showed that it works in winter." in both
    assert "Shortlist of Port of Example" in both


def test_an_agreement_is_about_exactly_what_was_agreed_to(
    session: Session, cast: Cast, first: Response, sign_in: SignIn
) -> None:
    decision = make_decision(first, outcome=Outcome.SHORTLISTED)
    assert act(sign_in(cast.region), cast, "agreement") == 303
    decision.reason = "Something else, after the agreement."
    session.commit()

    assert act(sign_in(cast.owner), cast, "release") == 409

    assert states(session, cast, first) == ["evaluating", "in_evaluation"]


@pytest.mark.parametrize(
    ("outcomes", "message"),
    [
        ((Outcome.SHORTLISTED, Outcome.NOT_SELECTED), "Choose one way for all."),
        ((Outcome.NOT_SHORTLISTED, Outcome.NOT_SHORTLISTED), "Nobody is on the shortlist."),
    ],
)
def test_the_two_ways_do_not_mix(
    session: Session,
    cast: Cast,
    first: Response,
    second: Response,
    sign_in: SignIn,
    outcomes: tuple[Outcome, Outcome],
    message: str,
) -> None:
    for response, outcome in zip((first, second), outcomes, strict=True):
        make_decision(response, outcome=outcome)
    assert act(sign_in(cast.curator), cast, "agreement") == 303

    answer = sign_in(cast.owner).post(f"/challenges/{cast.challenge.id}/decisions/release")

    assert answer.status_code == 409
    assert message in answer.text
    assert states(session, cast, first, second) == ["evaluating", *["in_evaluation"] * 2]


def test_no_shortlist_goes_out_while_one_answer_is_open(
    session: Session, cast: Cast, first: Response, second: Response, sign_in: SignIn
) -> None:
    make_decision(first, outcome=Outcome.SHORTLISTED)

    assert act(sign_in(cast.owner), cast, "proposal") == 409
    assert act(sign_in(cast.curator), cast, "agreement") == 409
    assert act(sign_in(cast.owner), cast, "release") == 409

    assert states(session, cast, first, second) == ["evaluating", *["in_evaluation"] * 2]


@pytest.mark.parametrize("who", ["owners_reader", "curator", "region", "responder", "rival"])
def test_others_neither_propose_nor_waive(cast: Cast, sign_in: SignIn, who: str) -> None:
    browser = sign_in(getattr(cast, who))

    assert act(browser, cast, "proposal") == 403
    assert act(browser, cast, "waiver", reason="Two weeks of silence from one of them.") == 403


def test_missing_reviews_are_waived_with_a_reason(
    session: Session, cast: Cast, first: Response, sign_in: SignIn
) -> None:
    make_evaluator(cast.challenge)
    owner, path = sign_in(cast.owner), f"/challenges/{cast.challenge.id}/decisions"
    typed = {
        "version": "0",
        "outcome": "selected",
        "reason": "It connects a ferry in four minutes.",
        "feedback[0].strength": "Shown at a berth in 2029, by night.",
        "feedback[0].gap": "The price of the second arm is open.",
    }
    assert "1 review is missing" in owner.get(path).text
    assert owner.post(f"/responses/{first.id}/decision", data=typed).status_code == 409
    assert act(owner, cast, "waiver", reason="Short.") == 422

    assert act(owner, cast, "waiver", reason="Two weeks of silence from one of them.") == 303

    assert "review is missing" not in owner.get(path).text
    assert owner.post(f"/responses/{first.id}/decision", data=typed).status_code == 303
    reasons = {event.action: event.reason for event in history(session, cast.challenge)}
    assert reasons["challenge.reviews_waived"] == "Two weeks of silence from one of them."


def test_a_withdrawn_answer_gets_no_decision_by_mail(
    session: Session,
    cast: Cast,
    first: Response,
    second: Response,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    gone: Decision = make_decision(first)
    make_decision(second, outcome=Outcome.SELECTED)
    sign_in(cast.responder).post(f"/responses/{first.id}/withdraw")

    assert act(sign_in(cast.owner), cast, "release") == 303
    runner.drain()

    assert states(session, cast, first, second) == ["decided", "withdrawn", "selected"]
    assert gone.released_at is None
    assert mail.to(cast.responder.email) == []
