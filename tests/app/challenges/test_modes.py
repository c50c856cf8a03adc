"""Rolling challenges and market consultations, from the draft to the answers; and copies."""

from collections.abc import Callable
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState, Mode, end_of
from app.challenges.policy import gaps
from app.challenges.queries import challenge_by_id
from app.core.job_runner import JobRunner
from app.organisations.models import Organisation
from app.responses.models import Response, ResponseState
from tests.conftest import NOON, FakeClock
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import make_challenge, make_draft
from tests.factories.evaluations import make_publishable
from tests.factories.people import make_cluster, make_member, make_organisation
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
TODAY = date(2030, 6, 3)


@pytest.fixture
def owner(session: Session) -> Organisation:
    return make_organisation(name="Port of Tests")


def lacking(challenge: Challenge) -> set[str]:
    return {gap.field for gap in gaps(challenge, TODAY)}


@pytest.mark.parametrize("mode", Mode)
def test_what_a_mode_asks_for(session: Session, mode: Mode) -> None:
    draft = make_draft()
    draft.mode, draft.closes_at, draft.decision_on, draft.criteria = mode, None, None, []

    expected = {
        Mode.DEADLINE: {"last_day", "decision_on", "criteria[0].name"},
        Mode.ROLLING: {"criteria[0].name"},
        Mode.CONSULTATION: {"last_day", "decision_on"},
    }
    assert lacking(draft) == expected[mode]


def test_the_owner_chooses_mode_and_day_for_questions(
    session: Session, sign_in: SignIn, owner: Organisation
) -> None:
    draft = make_draft(owner=owner)
    typed = {
        "mode": "consultation", "version": draft.version,
        "opens_on.day": 10, "opens_on.month": 6, "opens_on.year": 2030,
        "questions_last_day.day": 20, "questions_last_day.month": 6,
        "questions_last_day.year": 2030,
        "last_day.day": 1, "last_day.month": 7, "last_day.year": 2030,
    }  # fmt: skip
    browser, path = sign_in(make_member(owner)), f"/challenges/{draft.id}/edit/dates"

    wrong = browser.post(path, data={**typed, "questions_last_day.month": 8})
    assert wrong.status_code == 422
    assert "choose a day between the opening and the last day" in wrong.text

    assert browser.post(path, data=typed).status_code == 303
    session.refresh(draft)
    assert (draft.mode, draft.questions_until) == (Mode.CONSULTATION, end_of(date(2030, 6, 20)))
    assert draft.last_day_for_questions == date(2030, 6, 20)


def test_a_rolling_challenge_without_last_day_is_approved_and_stays_open(
    session: Session, sign_in: SignIn, owner: Organisation, runner: JobRunner, clock: FakeClock
) -> None:
    cluster = make_cluster()
    challenge = make_draft(owner=owner, curating_cluster=cluster, state=ChallengeState.IN_REVIEW)
    challenge.mode, challenge.closes_at = Mode.ROLLING, None
    challenge.opens_on = TODAY
    session.commit()
    make_publishable(challenge)
    review = f"/challenges/{challenge.id}/review"
    browser = sign_in(make_member(cluster))
    assert "Approve and open it now" in browser.get(review).text

    browser.post(review, data={"decision": "approve", "version": challenge.version})
    clock.advance(days=400)
    runner.drain()

    session.refresh(challenge)
    assert challenge.state is ChallengeState.OPEN
    assert challenge.takes_answers(clock())


def test_without_a_last_day_no_other_mode_is_approved(
    session: Session, sign_in: SignIn, owner: Organisation
) -> None:
    cluster = make_cluster()
    challenge = make_draft(owner=owner, curating_cluster=cluster, state=ChallengeState.IN_REVIEW)
    challenge.closes_at = None
    session.commit()
    make_publishable(challenge)

    refused = sign_in(make_member(cluster)).post(
        f"/challenges/{challenge.id}/review",
        data={"decision": "approve", "version": challenge.version},
    )

    session.refresh(challenge)
    assert refused.status_code == 409
    assert challenge.state is ChallengeState.IN_REVIEW


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast()


@pytest.mark.parametrize("mode", Mode)
def test_only_rolling_answers_are_read_as_they_come(
    session: Session, cast: Cast, sign_in: SignIn, mode: Mode
) -> None:
    cast.challenge.mode = mode
    session.commit()
    draft = make_response(cast.challenge, cast.startup, state=ResponseState.DRAFT)
    responder, owner = sign_in(cast.responder), sign_in(cast.owner)

    responder.post(f"/responses/{draft.id}/submit")
    told = responder.get(f"/responses/{draft.id}").text
    listed = owner.get(f"/challenges/{cast.challenge.id}/responses").text
    read = owner.get(f"/responses/{draft.id}").status_code

    is_rolling = mode is Mode.ROLLING
    assert ("Those who decide can read it now." in told) is is_rolling
    assert (draft.title in listed) is is_rolling
    assert read == (200 if is_rolling else 404)


def test_a_consultation_neither_screens_nor_evaluates(
    session: Session, cast: Cast, sign_in: SignIn, runner: JobRunner
) -> None:
    cast.challenge.mode = Mode.CONSULTATION
    session.commit()
    response = make_response(cast.challenge, cast.startup)
    owner = sign_in(cast.owner)
    data = {"reason": "We know enough.", "version": cast.challenge.version}
    owner.post(f"/challenges/{cast.challenge.id}/steering/close", data=data)
    runner.drain()

    page = owner.get(f"/challenges/{cast.challenge.id}/responses").text
    owner.post(f"/challenges/{cast.challenge.id}/evaluation")

    session.refresh(response)
    session.refresh(cast.challenge)
    assert response.state is ResponseState.SUBMITTED
    assert cast.challenge.state is ChallengeState.CLOSED
    assert "Go to the feedback" in page
    assert "Start the evaluation" not in page
    assert "Give feedback on 1 answer" in owner.get("/home").text


def test_a_copy_takes_the_texts_and_leaves_days_and_fate(
    session: Session, sign_in: SignIn, owner: Organisation
) -> None:
    cluster = make_cluster()
    old = make_challenge(owner=owner, curating_cluster=cluster, state=ChallengeState.CANCELLED)
    old.mode = Mode.ROLLING
    make_response(old)
    browser = sign_in(make_member(owner))
    assert f"/challenges/{old.id}/copy" in browser.get(f"/challenges/{old.id}").text

    answer = browser.post(f"/challenges/{old.id}/copy", data={"title": "Shore power again"})

    new_id = int(answer.headers["location"].split("/")[2])
    new, old_one = challenge_by_id(session, new_id), challenge_by_id(session, old.id)
    assert new is not None
    assert old_one is not None
    assert (new.state, new.title, new.mode) == (
        ChallengeState.DRAFT,
        "Shore power again",
        Mode.ROLLING,
    )
    assert (new.need, new.budget_eur, new.curating_cluster_id) == (
        old.need,
        old.budget_eur,
        cluster.id,
    )
    assert [r.text for r in new.requirements] == [r.text for r in old_one.requirements]
    assert [(c.name, c.weight) for c in new.criteria] == [
        (c.name, c.weight) for c in old_one.criteria
    ]
    assert len(old_one.requirements) == 2
    assert (new.opens_on, new.closes_at, new.decision_on, new.opened_at) == (None,) * 4
    assert new.created_at == NOON
    assert list(session.scalars(select(Response).where(Response.challenge_id == new_id))) == []


def test_others_do_not_copy_and_a_copy_has_a_title(
    session: Session, sign_in: SignIn, owner: Organisation
) -> None:
    challenge = make_challenge(owner=owner)
    path = f"/challenges/{challenge.id}/copy"

    assert sign_in(make_member()).post(path, data={"title": "Mine"}).status_code == 403
    assert sign_in(make_member(owner)).post(path, data={"title": ""}).status_code == 422
    assert len(session.scalars(select(Challenge)).all()) == 1
