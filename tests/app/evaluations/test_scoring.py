"""Scores: each evaluator alone, final before anybody compares; far apart means talking."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core.job_runner import JobRunner
from app.evaluations import policy
from app.evaluations.models import Discussion, Evaluator, EvaluatorState, ScoreSheet
from app.responses.models import Response, ResponseState
from tests.conftest import FakeClock, KeptMail
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.evaluations import make_discussion, make_evaluator, make_sheet
from tests.factories.people import make_user
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
TALK = "We read the test report together and agree on three points."
DECISION = {
    "version": "0",
    "outcome": "selected",
    "reason": "It connects a ferry in four minutes.",
    "feedback[0].strength": "Shown at a berth in 2029, by night.",
    "feedback[0].gap": "The price of the second arm is open.",
}


@pytest.fixture
def cast(session: Session, clock: FakeClock) -> Cast:
    clock.now = CLOSES + timedelta(days=3)
    return make_cast(state=ChallengeState.EVALUATING)


@pytest.fixture
def response(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=ResponseState.IN_EVALUATION)


@pytest.fixture
def eva(cast: Cast) -> Evaluator:
    return make_evaluator(cast.challenge, make_user(name="Eva Evaluator"))


@pytest.fixture
def egon(cast: Cast) -> Evaluator:
    return make_evaluator(cast.challenge, make_user(name="Egon Evaluator"))


def sheet(response: Response, *points: int | str, version: int = 0) -> dict[str, str]:
    """Return a filled form."""
    typed = {"version": str(version)}
    for index, (criterion, given) in enumerate(
        zip(response.challenge.criteria, points, strict=True)
    ):
        typed[f"rows[{index}].criterion_id"] = str(criterion.id)
        typed[f"rows[{index}].points"] = str(given)
        typed[f"rows[{index}].comment"] = f"Remark on {criterion.code}"
    return typed


def score(browser: TestClient, response: Response, typed: dict[str, str], do: str) -> int:
    """Send a sheet and return the status code."""
    path = f"/responses/{response.id}/scores"
    return browser.post(path, data=typed | {"do": do}).status_code


def stored(session: Session) -> ScoreSheet:
    fresh = {"populate_existing": True}
    return session.scalars(select(ScoreSheet), execution_options=fresh).one()


def test_a_sheet_is_saved_half_done_and_locked_whole(
    session: Session, response: Response, eva: Evaluator, egon: Evaluator, sign_in: SignIn
) -> None:
    browser = sign_in(eva.user)

    assert score(browser, response, sheet(response, 4, "", 3), "save") == 303
    assert stored(session).locked_at is None
    assert "Remark on C2" in browser.get(f"/responses/{response.id}/scores").text
    assert score(browser, response, sheet(response, 4, "", 3, version=1), "lock") == 422
    assert stored(session).locked_at is None

    assert score(browser, response, sheet(response, 4, 5, 3, version=1), "lock") == 303

    assert stored(session).locked_at is not None
    session.refresh(eva)
    assert eva.state is EvaluatorState.DONE


def test_a_locked_sheet_is_final(
    session: Session, response: Response, eva: Evaluator, sign_in: SignIn
) -> None:
    kept = make_sheet(eva, response, 1, 2, 3)

    answer = score(sign_in(eva.user), response, sheet(response, 5, 5, 5, version=1), "save")

    session.refresh(kept, ["scores"])
    assert answer == 409
    assert [s.points for s in kept.scores] == [1, 2, 3]


def test_a_second_window_overwrites_nothing(
    session: Session, response: Response, eva: Evaluator, sign_in: SignIn
) -> None:
    browser = sign_in(eva.user)
    score(browser, response, sheet(response, 4, 4, 4), "save")

    assert score(browser, response, sheet(response, 0, 0, 0), "save") == 409


@pytest.mark.parametrize("points", [-1, 6, "many"])
def test_points_lie_between_nought_and_five(
    response: Response, eva: Evaluator, sign_in: SignIn, points: int | str
) -> None:
    assert score(sign_in(eva.user), response, sheet(response, points, 1, 1), "save") == 422


@pytest.mark.parametrize("is_own_locked", [False, True])
@pytest.mark.parametrize("is_other_locked", [False, True])
def test_scores_of_others_are_visible_once_ones_own_are_locked(
    response: Response,
    eva: Evaluator,
    egon: Evaluator,
    sign_in: SignIn,
    is_own_locked: bool,  # noqa: FBT001 -- a parameter of the test
    is_other_locked: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    make_sheet(eva, response, 3, 3, 3, is_locked=is_own_locked)
    make_sheet(egon, response, 5, 1, 2, is_locked=is_other_locked)
    browser = sign_in(eva.user)

    for path in (
        f"/responses/{response.id}/scores",
        f"/challenges/{response.challenge_id}/comparison",
    ):
        seen = "Why fit to the need gets 5." in browser.get(path).text
        assert seen == (is_own_locked and is_other_locked)


@pytest.mark.parametrize("who", ["owner", "curator", "region"])
def test_those_who_decide_see_scores_once_all_are_locked(
    cast: Cast, response: Response, eva: Evaluator, egon: Evaluator, sign_in: SignIn, who: str
) -> None:
    make_sheet(eva, response, 3, 3, 3)
    browser, path = sign_in(getattr(cast, who)), f"/challenges/{cast.challenge.id}/comparison"
    before = browser.get(path).text

    make_sheet(egon, response, 5, 1, 2)

    after = browser.get(path).text
    assert "1 of 2 have scored" in before
    assert "Why fit to the need gets 3." not in before
    assert "Why fit to the need gets 3." in after
    # (3·50 + 3·30 + 3·20) / 5 = 60 and (5·50 + 1·30 + 2·20) / 5 = 64
    assert '<strong class="big">62' in after


@pytest.mark.parametrize("who", ["responder", "rival", "administrator", "owners_reader"])
def test_others_neither_score_nor_see_scores(
    session: Session, cast: Cast, response: Response, eva: Evaluator, sign_in: SignIn, who: str
) -> None:
    make_sheet(eva, response, 3, 3, 3)
    browser = sign_in(getattr(cast, who))
    reads = browser.get(f"/challenges/{cast.challenge.id}/comparison")

    assert score(browser, response, sheet(response, 5, 5, 5), "lock") == 404
    assert reads.status_code == (200 if who == "owners_reader" else 403)
    assert "/discussion" not in reads.text
    discussed = browser.post(f"/responses/{response.id}/discussion", data={"text": "We agreed."})
    assert discussed.status_code == 403
    assert session.scalars(select(Discussion)).all() == []
    assert browser.get(f"/responses/{response.id}").text.count("Why fit") == 0


def test_the_owner_is_told_when_everybody_is_done(
    cast: Cast,
    response: Response,
    eva: Evaluator,
    egon: Evaluator,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    for evaluator, letters in ((eva, 0), (egon, 1)):
        score(sign_in(evaluator.user), response, sheet(response, 4, 4, 4), "lock")
        runner.drain()
        assert len(mail.to(cast.owner.email)) == letters


@pytest.mark.parametrize(
    ("first", "second", "is_apart"),
    [((5, 3, 3), (3, 3, 3), False), ((5, 3, 3), (2, 3, 3), True), ((3, 3, 5), (3, 3, 2), True)],
)
def test_a_spread_of_more_than_two_points_forces_a_discussion(
    session: Session,
    cast: Cast,
    response: Response,
    eva: Evaluator,
    egon: Evaluator,
    sign_in: SignIn,
    first: tuple[int, ...],
    second: tuple[int, ...],
    is_apart: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    make_sheet(eva, response, *first)
    make_sheet(egon, response, *second)
    browser = sign_in(cast.owner)

    decided = browser.post(f"/responses/{response.id}/decision", data=decision(response))
    talked = browser.post(f"/responses/{response.id}/discussion", data={"text": TALK})

    assert decided.status_code == (409 if is_apart else 303)
    assert ("Record their discussion" in decided.text) == is_apart
    assert talked.status_code == (303 if is_apart else 409)
    again = browser.post(
        f"/responses/{response.id}/decision",
        data=decision(response) | {"version": "0" if is_apart else "1"},
    )
    assert again.status_code == 303


def decision(response: Response) -> dict[str, str]:
    """Return a filled form of a decision."""
    return DECISION


def test_no_decision_is_prepared_while_scores_are_missing(
    cast: Cast, response: Response, eva: Evaluator, egon: Evaluator, sign_in: SignIn
) -> None:
    make_sheet(eva, response, 3, 3, 3)
    make_sheet(egon, response, 3, 3, 3, is_locked=False)

    answer = sign_in(cast.owner).post(f"/responses/{response.id}/decision", data=decision(response))

    assert answer.status_code == 409
    assert "once all evaluators have scored: 1 to go." in answer.text
    assert DECISION["reason"] in answer.text


@pytest.mark.parametrize("who", ["owner", "curator", "eva"])
def test_those_concerned_record_what_was_said(
    session: Session,
    cast: Cast,
    response: Response,
    eva: Evaluator,
    egon: Evaluator,
    sign_in: SignIn,
    who: str,
) -> None:
    make_sheet(eva, response, 5, 3, 3)
    make_sheet(egon, response, 1, 3, 3)
    browser = sign_in(eva.user if who == "eva" else getattr(cast, who))
    path = f"/responses/{response.id}/discussion"

    assert "apart on C1." in browser.get(path).text
    assert browser.post(path, data={"text": "Talked."}).status_code == 422
    assert browser.post(path, data={"text": TALK}).status_code == 303

    assert session.scalars(select(Discussion)).one().text == TALK
    assert TALK in browser.get(f"/challenges/{cast.challenge.id}/comparison").text


@pytest.mark.parametrize("who", ["responder", "rival", "administrator"])
def test_others_do_not_record_or_read_discussions(
    cast: Cast, response: Response, eva: Evaluator, sign_in: SignIn, who: str
) -> None:
    make_discussion(response)
    browser, path = sign_in(getattr(cast, who)), f"/responses/{response.id}/discussion"

    assert browser.get(path).status_code == 403
    assert browser.post(path, data={"text": TALK}).status_code == 403


@pytest.mark.parametrize(
    "state", [ResponseState.ELIGIBLE, ResponseState.SELECTED, ResponseState.NOT_SELECTED]
)
def test_scores_are_given_only_during_the_evaluation(
    cast: Cast, eva: Evaluator, sign_in: SignIn, state: ResponseState
) -> None:
    response = make_response(cast.challenge, cast.startup, state=state)

    assert score(sign_in(eva.user), response, sheet(response, 5, 5, 5), "lock") == 409


def test_the_total_weighs_the_points(response: Response, eva: Evaluator) -> None:
    criteria = response.challenge.criteria

    best, middle = (make_sheet(eva, response, 5, 5, 5), ScoreSheet(scores=[]))

    assert policy.total(best, criteria) == 100
    assert policy.total(middle, criteria) == 0
    assert policy.mean_total([], criteria) is None
