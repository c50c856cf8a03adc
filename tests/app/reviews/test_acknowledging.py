"""The end of a market consultation: nobody is chosen, and nobody is left without an answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import Scope, User
from app.challenges.models import ChallengeState, Ending, Mode
from app.core.job_runner import JobRunner
from app.core.journal import history
from app.core.outbox import Mail
from app.responses.models import Response, ResponseState
from app.reviews.models import Decision, Outcome
from tests.conftest import FakeClock, KeptMail
from tests.factories import find
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.people import make_token
from tests.factories.responses import make_response
from tests.statements import statements

SignIn = Callable[[User], TestClient]
TAKEN = "A plug takes ten minutes and needs no crane."
MISSED = "We would have liked figures on ice in winter."
REASON = "We describe the need by minutes now, not by the kind of plug."


@pytest.fixture
def cast(session: Session, clock: FakeClock) -> Cast:
    clock.now = CLOSES + timedelta(days=2)
    cast = make_cast(state=ChallengeState.CLOSED)
    cast.challenge.mode = Mode.CONSULTATION
    session.commit()
    return cast


@pytest.fixture
def answers(cast: Cast) -> list[Response]:
    first = make_response(cast.challenge, cast.startup)
    return [first, make_response(cast.challenge, cast.rivals_organisation, title="A cable")]


def rows(*responses: Response, version: int = 0, **other: str) -> dict[str, Any]:
    """Return the fields that give each of these answers a text of its own."""
    fields: dict[str, Any] = {}
    for index, response in enumerate(responses):
        texts = {"strengths": TAKEN, "gaps": MISSED, "reason": f"{response.title}: {REASON}"}
        given = {"response_id": response.id, "version": version, **texts, **other}
        fields |= {f"rows[{index}].{name}": str(value) for name, value in given.items()}
    return fields


def decisions() -> list[tuple[int, str, str, str, bool]]:
    """Return what is stored, by answer."""
    stored = find(select(Decision).order_by(Decision.response_id))
    return [
        (each.response_id, each.strengths, each.gaps, each.reason, each.released_at is not None)
        for each in stored
    ]


def complete(browser: TestClient, cast: Cast) -> Any:
    fields = {"ending": "consulted", "reason": "There are plugs and cables.", "version": 0}
    address = f"/challenges/{cast.challenge.id}/steering/complete"
    return browser.post(address, data={**fields, "version": cast.challenge.version})


def text_about_feedback(mail: KeptMail, address: str) -> str:
    (letter,) = [each for each in mail.to(address) if "Feedback on" in each["Subject"]]
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""


def test_everybody_who_answered_is_told_at_once_and_then_it_can_end(
    session: Session,
    cast: Cast,
    answers: list[Response],
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    first, second = answers
    browser, address = sign_in(cast.owner), f"/challenges/{cast.challenge.id}"

    early = complete(browser, cast)
    waiting = browser.get("/home").text
    prepared = browser.post(f"{address}/feedback", data=rows(first, second))
    before = sign_in(cast.responder).get(f"/responses/{first.id}").text
    asked = browser.get(f"{address}/decisions/release").text
    released = browser.post(f"{address}/decisions/release")
    runner.drain()
    session.refresh(cast.challenge)
    ended = complete(browser, cast)

    for row in (*answers, cast.challenge):
        session.refresh(row)
    assert (early.status_code, prepared.status_code, released.status_code) == (409, 303, 303)
    assert "wait for your feedback: Quay Plug, Rival Cable." in early.text
    assert "Give feedback on 2 answers" in waiting
    assert "you are promised feedback" in before
    assert TAKEN not in before
    assert "1 person gets an e-mail" in asked
    assert [each.state for each in answers] == [ResponseState.ACKNOWLEDGED] * 2
    assert ended.status_code == 303
    assert cast.challenge.ending is Ending.CONSULTED
    assert [(e.action, e.reason) for e in history(session, first)][:1] == [
        ("response.acknowledged", f"{first.title}: {REASON}")
    ]
    assert "challenge.feedback_released" in [e.action for e in history(session, cast.challenge)]
    told = text_about_feedback(mail, cast.responder.email)
    for words in (TAKEN, MISSED, REASON):
        assert words in told
        assert words in sign_in(cast.responder).get(f"/responses/{first.id}").text
    assert second.title not in told
    kinds = set(session.scalars(select(Mail.kind).where(Mail.to_address == cast.rival.email)))
    assert {"reviews.acknowledged", "steering.completed"} <= kinds


def test_one_answer_without_feedback_holds_the_release_and_the_end(
    session: Session, cast: Cast, answers: list[Response], sign_in: SignIn
) -> None:
    first, second = answers
    browser, address = sign_in(cast.owner), f"/challenges/{cast.challenge.id}"
    browser.post(f"{address}/feedback", data=rows(first))

    shown = browser.get(f"{address}/feedback").text
    refused = browser.post(f"{address}/decisions/release")
    ended = complete(browser, cast)

    for row in answers:
        session.refresh(row)
    assert "1 answer still lacks feedback" in shown
    assert f"{address}/decisions/release" not in shown
    assert (refused.status_code, ended.status_code) == (409, 409)
    assert f"/responses/{second.id}/decision" in refused.text
    assert f"/responses/{first.id}/decision" not in refused.text
    assert {each.state for each in answers} == {ResponseState.SUBMITTED}
    assert find(select(Mail)) == []


@pytest.mark.parametrize("field", ["strengths", "gaps", "reason"])
def test_a_half_written_row_stores_nothing_and_keeps_what_was_typed(
    cast: Cast, answers: list[Response], sign_in: SignIn, field: str
) -> None:
    first, second = answers
    fields = rows(first, second) | {f"rows[1].{field}": "Too short."}

    refused = sign_in(cast.owner).post(f"/challenges/{cast.challenge.id}/feedback", data=fields)

    assert refused.status_code == 422
    assert f'href="#f-rows-1-{field}"' in refused.text
    assert f"{first.title}: {REASON}" in refused.text
    assert decisions() == []


def test_the_second_of_two_owners_sees_what_the_first_stored_and_loses_nothing(
    cast: Cast, answers: list[Response], sign_in: SignIn
) -> None:
    first, second = answers
    browser, address = sign_in(cast.owner), f"/challenges/{cast.challenge.id}/feedback"
    browser.post(address, data=rows(first, second))

    stale = browser.post(address, data=rows(second, gaps="Nobody said who repairs the drum."))
    same = browser.post(address, data=rows(first))
    changed = browser.post(address, data=rows(second, version=1, gaps="Who repairs the drum?"))

    assert (stale.status_code, same.status_code, changed.status_code) == (409, 303, 303)
    assert "What is stored now" in stale.text
    assert MISSED in stale.text
    assert "Nobody said who repairs the drum." in stale.text
    assert [gaps for _, _, gaps, _, _ in decisions()] == [MISSED, "Who repairs the drum?"]


def test_an_answer_taken_back_meanwhile_does_not_shift_what_was_typed(
    session: Session, cast: Cast, answers: list[Response], sign_in: SignIn
) -> None:
    first, second = answers
    sign_in(cast.responder).post(f"/responses/{first.id}/withdraw")

    refused = sign_in(cast.owner).post(
        f"/challenges/{cast.challenge.id}/feedback", data=rows(first, second)
    )

    session.refresh(first)
    assert first.state is ResponseState.WITHDRAWN
    assert refused.status_code == 409
    assert f"{second.title}: {REASON}" in refused.text
    assert f"{first.title}: {REASON}" not in refused.text
    assert decisions() == []


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.ACKNOWLEDGED}))
def test_a_consultation_chooses_nobody(
    cast: Cast, answers: list[Response], sign_in: SignIn, outcome: Outcome
) -> None:
    fields = {"version": "0", "strengths": TAKEN, "gaps": MISSED, "reason": REASON}
    browser, address = sign_in(cast.owner), f"/responses/{answers[0].id}/decision"

    refused = browser.post(address, data={**fields, "outcome": outcome.value})
    page = browser.get(address).text
    stored = browser.post(address, data={**fields, "outcome": "acknowledged"})

    assert (refused.status_code, stored.status_code) == (409, 303)
    assert 'type="radio"' not in page
    assert decisions() == [(answers[0].id, TAKEN, MISSED, REASON, False)]


def test_elsewhere_nobody_is_merely_acknowledged(
    session: Session, cast: Cast, answers: list[Response], sign_in: SignIn
) -> None:
    cast.challenge.mode = Mode.DEADLINE
    session.commit()
    browser, address = sign_in(cast.owner), f"/challenges/{cast.challenge.id}/feedback"

    refused = browser.post(address, data=rows(answers[0]))

    assert refused.status_code == 409
    assert browser.get(address).headers["location"].endswith("/decisions")
    assert decisions() == []


def test_while_answers_come_in_none_is_acknowledged(
    session: Session, cast: Cast, answers: list[Response], sign_in: SignIn, clock: FakeClock
) -> None:
    clock.now = CLOSES - timedelta(days=1)
    setattr(cast.challenge, "state", ChallengeState.OPEN)  # noqa: B010 -- arranging, not moving
    session.commit()
    browser, address = sign_in(cast.owner), f"/challenges/{cast.challenge.id}/feedback"

    sealed = browser.get(address)
    refused = browser.post(address, data=rows(answers[0]))

    assert sealed.headers["location"].endswith("/responses")
    assert refused.status_code == 409
    assert decisions() == []


def test_programs_do_the_same(
    session: Session, cast: Cast, answers: list[Response], client: TestClient
) -> None:
    first, second = answers
    token, _ = make_token(cast.owner, Scope.REVIEWS_WRITE, Scope.CHALLENGES_WRITE)
    headers = {"Authorization": f"Bearer {token}"}
    address = f"/api/v1/challenges/{cast.challenge.id}"
    texts = {"strengths": TAKEN, "gaps": MISSED, "reason": REASON}
    whole = [{"response_id": each.id, **texts} for each in answers]

    lacking = client.put(
        f"{address}/feedback",
        json={"rows": [whole[0], {**whole[1], "gaps": "Short."}]},
        headers=headers,
    )
    early = client.post(f"{address}/decisions/release", headers=headers)
    prepared = client.put(f"{address}/feedback", json={"rows": whole}, headers=headers)
    released = client.post(f"{address}/decisions/release", headers=headers)

    assert (lacking.status_code, early.status_code) == (422, 409)
    assert "rows[1].gaps" in lacking.text
    assert (prepared.status_code, released.status_code) == (200, 200)
    assert released.json()["told"] == [
        {"response_id": first.id, "state": "acknowledged"},
        {"response_id": second.id, "state": "acknowledged"},
    ]
    assert {released for *_, released in decisions()} == {True}


def test_the_page_asks_as_often_for_three_as_for_one(
    cast: Cast, sign_in: SignIn, session_factory: sessionmaker[Session]
) -> None:
    browser, address = sign_in(cast.owner), f"/challenges/{cast.challenge.id}/feedback"
    make_response(cast.challenge, cast.startup)
    browser.get(address)
    with statements(session_factory) as for_one:
        browser.get(address)
    make_response(cast.challenge, cast.rivals_organisation)
    make_response(cast.challenge)
    with statements(session_factory) as for_three:
        browser.get(address)

    assert len(for_three) == len(for_one)
