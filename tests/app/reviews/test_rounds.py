"""A rolling challenge stays open: its answers are evaluated and decided in rounds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState, Mode
from app.core.job_runner import JobRunner
from app.core.journal import history
from app.evaluations.models import Evaluator, EvaluatorState
from app.responses.models import Response, ResponseState
from app.reviews.models import Outcome
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories.casts import Cast, make_cast
from tests.factories.decisions import make_decision
from tests.factories.evaluations import DECLARED, make_evaluator, make_sheet
from tests.factories.people import make_organisation, make_user
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
S = ResponseState


@pytest.fixture
def cast(session: Session) -> Cast:
    cast = make_cast(state=ChallengeState.OPEN)
    cast.challenge.mode, cast.challenge.closes_at = Mode.ROLLING, None
    session.commit()
    return cast


@pytest.fixture
def panel(cast: Cast) -> list[Evaluator]:
    return [
        make_evaluator(cast.challenge, make_user(name=name), state=EvaluatorState.DONE)
        for name in ("Eva Evaluator", "Egon Evaluator")
    ]


@pytest.fixture
def response(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=S.ELIGIBLE)


def path_of(cast: Cast) -> str:
    return f"/challenges/{cast.challenge.id}"


def test_a_round_is_begun_scored_and_released_while_the_challenge_stays_open(
    session: Session,
    cast: Cast,
    panel: list[Evaluator],
    response: Response,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    eva = panel[0].user
    later = make_response(cast.challenge, cast.rivals_organisation, state=S.SCREENING)
    owner, path = sign_in(cast.owner), path_of(cast)
    assert "Start a round" in owner.get(f"{path}/panel").text

    assert owner.post(f"{path}/evaluation").status_code == 303
    runner.drain()

    session.refresh(response)
    assert (response.state, later.state) == (S.IN_EVALUATION, S.SCREENING)
    session.expire_all()
    assert [evaluator.state for evaluator in panel] == [EvaluatorState.ACTIVE] * 2
    assert len(mail.to(eva.email)) == 1
    worklist = sign_in(eva).get(f"{path}/evaluation").text
    assert ("Quay Plug" in worklist, "Rival Cable" in worklist) == (True, False)
    assert owner.post(f"{path}/decisions/release").status_code == 409  # undecided

    for evaluator in panel:
        make_sheet(evaluator, response, 4, 4, 4)
    make_decision(response, outcome=Outcome.SELECTED)
    assert "The challenge stays open" in owner.get(f"{path}/decisions/release").text
    mail.messages.clear()
    assert owner.post(f"{path}/decisions/release").status_code == 303
    runner.drain()

    session.refresh(response)
    session.refresh(cast.challenge)
    assert (response.state, cast.challenge.state) == (S.SELECTED, ChallengeState.OPEN)
    assert history(session, cast.challenge)[0].action == "challenge.round_released"
    assert "Selected" in mail.to(cast.responder.email)[0].as_string()
    assert mail.to(cast.rival.email) == []
    assert cast.challenge.takes_answers(NOON)


def test_without_an_eligible_answer_there_is_no_round(
    cast: Cast, panel: list[Evaluator], sign_in: SignIn
) -> None:
    make_response(cast.challenge, cast.startup, state=S.SCREENING)
    owner, path = sign_in(cast.owner), path_of(cast)

    assert owner.post(f"{path}/evaluation").status_code == 409
    assert owner.post(f"{path}/decisions/release").status_code == 409


def test_before_the_deadline_a_sealed_challenge_has_no_rounds(
    session: Session, sign_in: SignIn
) -> None:
    cast = make_cast(state=ChallengeState.OPEN)
    response = make_response(cast.challenge, cast.startup, state=S.ELIGIBLE)

    assert sign_in(cast.owner).post(f"{path_of(cast)}/evaluation").status_code == 409
    session.refresh(response)
    assert response.state is S.ELIGIBLE


@pytest.mark.parametrize("behind", [timedelta(), timedelta(seconds=1)])
def test_a_round_waits_until_evaluators_have_declared_on_what_came_in_since(
    session: Session,
    cast: Cast,
    panel: list[Evaluator],
    response: Response,
    sign_in: SignIn,
    behind: timedelta,
) -> None:
    response.submitted_at = DECLARED + behind
    session.commit()
    owner, start = sign_in(cast.owner), f"{path_of(cast)}/evaluation"

    refused = owner.post(start)

    session.refresh(response)
    assert refused.status_code == 409
    assert [each.user.name in refused.text for each in panel] == [True, True]
    assert response.state is S.ELIGIBLE
    response.submitted_at = DECLARED - timedelta(seconds=1)  # the twin: it was there already
    session.commit()
    assert owner.post(start).status_code == 303


def test_those_who_declared_are_asked_once_more_when_answers_are_let_in(
    session: Session,
    cast: Cast,
    panel: list[Evaluator],
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
    clock: FakeClock,
) -> None:
    known = make_response(cast.challenge, cast.startup, state=S.SCREENING)
    new = [make_response(cast.challenge, state=S.SCREENING) for _ in range(2)]
    for response in new:
        response.submitted_at = NOON
    session.commit()
    curator = sign_in(cast.curator)

    curator.post(f"/responses/{known.id}/screening/eligible")
    clock.advance(hours=2)
    runner.drain()
    assert mail.messages == []
    for response in new:
        curator.post(f"/responses/{response.id}/screening/eligible")
    clock.advance(hours=2)
    runner.drain()

    asked = [message["Subject"] for message in mail.to(panel[0].user.email)]
    assert asked == [f"Please declare once more: {cast.challenge.title}"]
    assert len(mail.messages) == 2


def test_an_evaluator_declares_on_what_came_in_since(
    session: Session,
    cast: Cast,
    panel: list[Evaluator],
    response: Response,
    sign_in: SignIn,
    clock: FakeClock,
) -> None:
    response.submitted_at = NOON
    setattr(response, "state", S.IN_EVALUATION)  # noqa: B010 -- arranging, not moving
    session.commit()
    browser, scores = sign_in(panel[0].user), f"/responses/{response.id}/scores"
    assert browser.get(scores).status_code == 403
    assert "Quay Plug" in browser.get(f"{path_of(cast)}/declaration").text
    clock.advance(hours=1)
    typed = {"rows[0].response_id": str(response.id), "rows[0].conflict": "none", "true": "1"}

    assert browser.post(f"{path_of(cast)}/declaration", data=typed).status_code == 303

    assert browser.get(scores).status_code == 200
    assert browser.post(f"{path_of(cast)}/declaration", data=typed).status_code == 409
    assert sign_in(panel[1].user).get(scores).status_code == 403


def test_in_rounds_a_refused_answer_is_told_at_once_put_right_and_screened_anew(
    session: Session,
    cast: Cast,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    response = make_response(cast.challenge, cast.startup, state=S.SCREENING)
    curator, owner, responder = (
        sign_in(person) for person in (cast.curator, cast.owner, cast.responder)
    )
    screening = f"/responses/{response.id}/screening"
    objection = {
        "criterion": "incomplete",
        "reason": "The price of the second year is missing.",
        "repair": "Name the price of the second year too.",
    }

    curator.post(f"{screening}/objection", data=objection)
    assert owner.post(f"{screening}/confirmation").status_code == 303
    runner.drain()

    session.refresh(response)
    assert response.state.value == "ineligible"
    assert "Name the price of the second year too." in mail.to(cast.responder.email)[0].as_string()
    clock.advance(hours=1)
    assert responder.post(f"/responses/{response.id}/withdraw").status_code == 303
    assert responder.post(f"/responses/{response.id}/submit").status_code == 303
    clock.advance(hours=1)
    assert "The price of the second year" not in curator.get(screening).text
    assert curator.post(f"{screening}/objection", data=objection).status_code == 303
    assert owner.post(f"{screening}/eligible").status_code == 303
    session.refresh(response)
    assert response.state is S.ELIGIBLE


def test_closing_still_ends_nobody_in_silence(
    session: Session,
    cast: Cast,
    panel: list[Evaluator],
    response: Response,
    sign_in: SignIn,
    runner: JobRunner,
) -> None:
    decided = make_response(cast.challenge, make_organisation(), state=S.NOT_SELECTED)
    owner, path = sign_in(cast.owner), path_of(cast)
    typed = {"reason": "The budget is used up.", "version": str(cast.challenge.version)}
    owner.post(f"{path}/steering/close", data=typed)
    session.refresh(cast.challenge)
    assert cast.challenge.state.value == "closed"
    runner.drain()

    assert owner.post(f"{path}/evaluation").status_code == 303
    assert owner.post(f"{path}/decisions/release").status_code == 409
    make_decision(response)
    for evaluator in panel:
        make_sheet(evaluator, response, 4, 4, 4)
    assert owner.post(f"{path}/decisions/release").status_code == 303

    for row in (cast.challenge, response, decided):
        session.refresh(row)
    assert cast.challenge.state is ChallengeState.DECIDED
    assert (response.state, decided.state) == (S.NOT_SELECTED, S.NOT_SELECTED)
