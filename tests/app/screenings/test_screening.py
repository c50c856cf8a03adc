"""Which answers may be evaluated: two sides decide, each with the criterion named."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import CLOSING, ChallengeState
from app.core import jobs
from app.core.job_runner import JobRunner
from app.core.journal import history
from app.responses.models import Response, ResponseState
from app.screenings.models import Ground, Objection
from tests.conftest import FakeClock, KeptMail
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.people import make_member
from tests.factories.responses import make_response
from tests.factories.screenings import make_objection

SignIn = Callable[[User], TestClient]
SCREENERS = ("owner", "curator", "region")
FINDING = {
    "criterion": "conditions",
    "reason": "The pilot would take a year instead of three months.",
    "repair": "A first part that is done within three months.",
}


@pytest.fixture
def cast(session: Session, clock: FakeClock) -> Cast:
    clock.now = CLOSES + timedelta(days=1)
    return make_cast(state=ChallengeState.CLOSED)


@pytest.fixture
def response(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=ResponseState.SCREENING)


def screen(browser: TestClient, response: Response, step: str, **typed: str) -> int:
    """Take a step of the screening and return the status code."""
    return browser.post(f"/responses/{response.id}/screening/{step}", data=typed).status_code


def test_at_the_deadline_the_platform_takes_every_answer_into_the_screening(
    session: Session, clock: FakeClock, runner: JobRunner, mail: KeptMail
) -> None:
    cast = make_cast()
    handed_in = make_response(cast.challenge, cast.startup)
    draft = make_response(cast.challenge, cast.rivals_organisation, state=ResponseState.DRAFT)
    payload = {"challenge_id": cast.challenge.id}
    jobs.enqueue(session, CLOSING, payload, at=CLOSES, run_at=CLOSES)
    session.commit()

    clock.now = CLOSES - timedelta(seconds=1)
    runner.drain()
    session.refresh(handed_in)
    assert handed_in.state is ResponseState.SUBMITTED

    clock.now = CLOSES
    runner.drain()

    session.refresh(handed_in)
    session.refresh(draft)
    assert (handed_in.state, draft.state) == (ResponseState.SCREENING, ResponseState.DRAFT)
    assert history(session, handed_in)[0].user_id is None
    (to_curator,) = mail.to(cast.curator.email)
    assert f"/challenges/{cast.challenge.id}/screening" in to_curator.as_string()


@pytest.mark.parametrize("who", SCREENERS)
def test_owner_and_cluster_manager_let_an_answer_be_evaluated(
    session: Session, cast: Cast, response: Response, sign_in: SignIn, who: str
) -> None:
    browser = sign_in(getattr(cast, who))
    before = browser.get(f"/challenges/{cast.challenge.id}/screening").text

    assert screen(browser, response, "eligible") == 303

    session.refresh(response)
    assert "1 answer is left to screen." in before
    assert response.state is ResponseState.ELIGIBLE
    after = browser.get(f"/challenges/{cast.challenge.id}/screening").text
    assert "Every answer is screened." in after
    assert "Set up the panel" in after


@pytest.mark.parametrize(
    ("who", "status_code"),
    [("owners_reader", 403), ("responder", 403), ("rival", 404), ("administrator", 404)],
)
@pytest.mark.parametrize("step", ["eligible", "objection", "confirmation", "question"])
def test_others_do_not_screen(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    who: str,
    status_code: int,
    step: str,
) -> None:
    browser = sign_in(getattr(cast, who))

    assert browser.get(f"/responses/{response.id}/screening").status_code == status_code
    assert screen(browser, response, step, **FINDING) == status_code
    session.refresh(response)
    assert response.state is ResponseState.SCREENING


def test_nobody_screens_an_answer_of_their_own_organisation(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    make_member(cast.startup, user=cast.curator)

    assert screen(sign_in(cast.curator), response, "eligible") == 403

    session.refresh(response)
    assert response.state is ResponseState.SCREENING


def test_a_cluster_manager_objects_and_the_owner_confirms(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    must = cast.challenge.requirements[0]

    assert (
        screen(
            sign_in(cast.curator),
            response,
            "objection",
            **FINDING | {"criterion": f"must:{must.id}"},
        )
        == 303
    )
    runner.drain()

    session.refresh(response)
    objection = session.scalars(select(Objection)).one()
    assert response.state == "screening"
    assert (objection.ground, objection.requirement_id) == (Ground.MUST, must.id)
    assert [m["To"] for m in mail.messages] == [cast.owner.email]
    owner = sign_in(cast.owner)
    assert FINDING["repair"] in owner.get(f"/responses/{response.id}/screening").text

    assert screen(owner, response, "confirmation") == 303

    session.refresh(response)
    assert response.state is ResponseState.INELIGIBLE
    assert history(session, response)[0].reason == FINDING["reason"]


def test_the_responder_learns_it_only_on_release(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    make_objection(response)
    screen(sign_in(cast.owner), response, "confirmation")
    browser = sign_in(cast.responder)

    for path in (f"/responses/{response.id}", "/home"):
        text = browser.get(path).text
        assert "Being screened" in text
        assert "Not eligible" not in text
        assert FINDING["reason"] not in text


def test_the_owner_may_reject_an_objection(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    make_objection(response)

    assert screen(sign_in(cast.owner), response, "eligible") == 303

    session.refresh(response)
    assert response.state is ResponseState.ELIGIBLE


@pytest.mark.parametrize("step", ["eligible", "objection", "confirmation"])
@pytest.mark.parametrize("who", ["curator", "region"])
def test_once_somebody_has_objected_only_the_owner_settles_it(
    session: Session, cast: Cast, response: Response, sign_in: SignIn, who: str, step: str
) -> None:
    make_objection(response)

    assert screen(sign_in(getattr(cast, who)), response, step, **FINDING) in {403, 409}

    session.refresh(response)
    assert response.state is ResponseState.SCREENING
    assert session.scalar(select(func.count(Objection.id))) == 1


def test_nobody_confirms_their_own_objection(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    make_objection(response, by=cast.owner)

    assert screen(sign_in(cast.owner), response, "confirmation") == 403

    session.refresh(response)
    assert response.state is ResponseState.SCREENING


def test_without_an_objection_there_is_nothing_to_confirm(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    assert screen(sign_in(cast.owner), response, "confirmation") == 409

    session.refresh(response)
    assert response.state is ResponseState.SCREENING


def test_the_owner_alone_does_not_object(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    assert screen(sign_in(cast.owner), response, "objection", **FINDING) == 403
    assert session.scalar(select(func.count(Objection.id))) == 0


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("criterion", "", "Name the criterion by which it is not eligible."),
        ("criterion", "taste", "Name the criterion by which it is not eligible."),
        ("criterion", "must:999999", "Name the requirement that is not met."),
        ("reason", "", "Write the reason: the responder will read it."),
        ("reason", "Too short.", "“Reason”: use at least 20 characters."),
        ("repair", "", "Say what would have made the answer eligible."),
    ],
)
def test_an_objection_owes_criterion_reason_and_repair(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    field: str,
    value: str,
    message: str,
) -> None:
    answer = sign_in(cast.curator).post(
        f"/responses/{response.id}/screening/objection", data=FINDING | {field: value}
    )

    assert answer.status_code in {409, 422}
    assert message in answer.text
    assert (FINDING["repair"] if field != "repair" else FINDING["reason"]) in answer.text
    assert session.scalar(select(func.count(Objection.id))) == 0


@pytest.mark.parametrize("state", [s for s in ResponseState if s is not ResponseState.SCREENING])
def test_only_answers_under_screening_are_screened(
    session: Session, cast: Cast, sign_in: SignIn, state: ResponseState
) -> None:
    response = make_response(cast.challenge, cast.startup, state=state)
    expected = 404 if state in {ResponseState.DRAFT, ResponseState.WITHDRAWN} else 409

    for who, step in (("owner", "eligible"), ("curator", "objection"), ("owner", "question")):
        typed = {"question": "At which voltage was it tested?", "days": "5"}
        browser = sign_in(getattr(cast, who))
        assert screen(browser, response, step, **FINDING, **typed) == expected

    session.refresh(response)
    assert response.state is state
