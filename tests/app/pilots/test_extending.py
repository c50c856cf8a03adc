"""A longer term for a pilot that runs: signed by both sides, with what is due moving along."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Scope, User
from app.challenges.models import ChallengeState
from app.core.forms import date_parts
from app.core.job_runner import JobRunner
from app.core.journal import history
from app.pilots.models import Extension, Pilot, PilotState
from app.responses.models import Response, ResponseState
from tests.conftest import FakeClock, KeptMail
from tests.factories import find, save
from tests.factories.casts import Cast
from tests.factories.people import make_member, make_token
from tests.factories.pilots import make_pilot

SignIn = Callable[[User], TestClient]
REASON = "The berth was closed for six weeks."
LATER = {**date_parts("ends_on", date(2031, 4, 10)), "reason": REASON}


@pytest.fixture
def pilot(cast: Cast, response: Response) -> Pilot:
    response.state, cast.challenge.state = ResponseState.PILOTING, ChallengeState.PILOTING
    save(response)
    return make_pilot(response, state=PilotState.RUNNING)


def proposals() -> list[tuple[date, str, str, bool, bool]]:
    fresh = select(Extension).order_by(Extension.id).execution_options(populate_existing=True)
    return [
        (e.ends_on, e.proposed_by_name, e.signed_by_name, e.is_agreed, e.settled_at is not None)
        for e in find(fresh)
    ]


def test_both_sides_sign_a_longer_term_and_what_is_due_moves_along(
    session: Session,
    cast: Cast,
    pilot: Pilot,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
    clock: FakeClock,
) -> None:
    owner, responder, path = sign_in(cast.owner), sign_in(cast.responder), f"/pilots/{pilot.id}"

    proposed = owner.post(f"{path}/extension", data=LATER)
    runner.drain()
    (asked,) = mail.to(cast.responder.email)
    (extension,) = find(select(Extension))
    reply = {"extension_id": extension.id, "reply": "sign"}
    own = owner.post(f"{path}/extension/reply", data=reply)
    twice = owner.post(f"{path}/extension", data=LATER)
    assert "Sign the longer term" in responder.get(path).text
    signed = responder.post(f"{path}/extension/reply", data=reply)
    late = responder.post(f"{path}/extension/reply", data=reply)
    runner.drain()

    session.refresh(pilot, ["ends_on", "reports"])
    statuses = [answer.status_code for answer in (proposed, own, twice, signed, late)]
    assert statuses == [303, 409, 409, 303, 409]
    assert asked["Subject"] == f"Please sign the longer term: {pilot.title}"
    assert pilot.ends_on == date(2031, 4, 10)
    assert [r.due_on for r in pilot.reports] == [
        date(2030, 9, 10), date(2030, 12, 10), date(2031, 3, 10),
    ]  # fmt: skip
    assert proposals() == [
        (date(2031, 4, 10), cast.owner.name, cast.responder.name, True, True),
    ]
    latest, before = history(session, pilot)[:2]
    assert [(e.action, e.reason, e.user_id) for e in (latest, before)] == [
        ("pilot.extended", REASON, cast.responder.id),
        ("pilot.extension_proposed", REASON, cast.owner.id),
    ]
    told = {m["To"] for m in mail.messages if "runs longer" in m["Subject"]}
    assert {cast.owner.email, cast.responder.email, cast.curator.email} <= told
    mail.messages.clear()
    clock.now = datetime.fromisoformat("2030-12-05T06:00:00+00:00")
    runner.drain()
    assert [m["Subject"] for m in mail.messages if "results" in m["Subject"]] == []
    clock.now = datetime.fromisoformat("2031-04-04T06:00:00+00:00")
    runner.drain()
    assert any("results of the pilot are due" in m["Subject"] for m in mail.messages)


@pytest.mark.parametrize(("day", "reason"), [(date(2030, 12, 10), REASON), (date(2031, 1, 1), " ")])
def test_it_is_later_and_has_a_reason(
    cast: Cast, pilot: Pilot, sign_in: SignIn, day: date, reason: str
) -> None:
    data = {**date_parts("ends_on", day), "reason": reason}

    refused = sign_in(cast.owner).post(f"/pilots/{pilot.id}/extension", data=data)

    assert refused.status_code == 422
    assert f'value="{day.year}"' in refused.text
    assert proposals() == []


@pytest.mark.parametrize("state", [PilotState.AGREED, PilotState.REPORTED, PilotState.COMPLETED])
def test_only_what_runs_is_extended(
    cast: Cast, response: Response, sign_in: SignIn, state: PilotState
) -> None:
    pilot = make_pilot(response, state=state)

    refused = sign_in(cast.owner).post(f"/pilots/{pilot.id}/extension", data=LATER)

    assert refused.status_code == 409
    assert proposals() == []


def test_one_person_does_not_sign_for_both(
    session: Session, cast: Cast, pilot: Pilot, sign_in: SignIn
) -> None:
    sign_in(cast.owner).post(f"/pilots/{pilot.id}/extension", data=LATER)
    (extension,) = find(select(Extension))
    extension.user_id = cast.responder.id  # who acted for the owner then
    save(extension)

    refused = sign_in(cast.responder).post(
        f"/pilots/{pilot.id}/extension/reply",
        data={"extension_id": extension.id, "reply": "sign"},
    )

    session.refresh(pilot)
    assert (refused.status_code, pilot.ends_on) == (409, date(2030, 12, 10))


def test_a_proposal_is_declined_with_a_reason_and_another_can_follow(
    session: Session, cast: Cast, pilot: Pilot, client: TestClient
) -> None:
    keys = {
        who: {"Authorization": f"Bearer {make_token(user, Scope.PILOTS_WRITE)[0]}"}
        for who, user in (("owner", cast.owner), ("responder", cast.responder))
    }
    address = f"/api/v1/pilots/{pilot.id}/extension"
    body = {"ends_on": "2031-04-10", "reason": REASON}

    client.post(address, json=body, headers=keys["responder"])
    (extension,) = find(select(Extension))
    reply = {"extension_id": extension.id, "reply": "decline"}
    silent = client.post(f"{address}/reply", json=reply, headers=keys["owner"])
    declined = client.post(
        f"{address}/reply", json={**reply, "reason": "We need the berth."}, headers=keys["owner"]
    )
    again = client.post(address, json=body, headers=keys["owner"])

    session.refresh(pilot)
    assert [a.status_code for a in (silent, declined, again)] == [422, 200, 200]
    assert pilot.ends_on == date(2030, 12, 10)
    assert [(agreed, settled) for *_, agreed, settled in proposals()] == [
        (False, True), (False, False),
    ]  # fmt: skip


def test_strangers_propose_nothing(cast: Cast, pilot: Pilot, sign_in: SignIn) -> None:
    for person in (cast.curator, cast.rival, make_member(cast.rivals_organisation)):
        browser = sign_in(person)
        assert browser.post(f"/pilots/{pilot.id}/extension", data=LATER).status_code == 403
    assert proposals() == []


def test_my_work_asks_the_side_that_has_not_signed(
    cast: Cast, pilot: Pilot, sign_in: SignIn
) -> None:
    owner, responder = sign_in(cast.owner), sign_in(cast.responder)
    words, page = "Sign the longer term, or decline it", f'href="/pilots/{pilot.id}/extension"'
    assert words not in responder.get("/home").text

    owner.post(f"/pilots/{pilot.id}/extension", data=LATER)

    theirs = responder.get("/home").text
    assert words in theirs
    assert page in theirs
    assert words not in owner.get("/home").text
