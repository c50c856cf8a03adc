"""Pilots for programs: agreed on, carried out, decided on and read exactly as on the pages."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.organisations.models import Organisation
from app.pilots.models import Pilot, PilotState, PublicPart
from app.responses.models import Response
from tests.conftest import FakeClock
from tests.factories import save
from tests.factories.casts import Cast
from tests.factories.people import make_member, make_organisation
from tests.factories.pilots import RESULT, make_pilot
from tests.factories.sites import make_site
from tests.statements import statements

Program = Callable[..., TestClient]
ROWS = [
    {"name": "Minutes with running engine", "unit": "min", "baseline": "55", "target": "10",
     "method": "Log of the ship"},
]  # fmt: skip
SHEET: dict[str, Any] = {
    "title": "A plug on berth six", "lang": "en", "hypothesis": "Engines stop within ten minutes.",
    "rows": ROWS, "place": "Berth six", "starts_on": "2030-06-10", "ends_on": "2030-12-10",
    "report_months": 3, "payment": "paid", "payment_eur": 48_000, "agreement": "Data stay here.",
}  # fmt: skip
LESSONS = "The plug works; the cable is too heavy for one person in winter."
GRID: dict[str, str] = {
    f"{aspect}{part}": words
    for aspect in ("effectiveness", "feasibility", "durability")
    for part, words in (("", "largely"), ("_words", "Measured for half a year."))
}
DECISION = {**GRID, "verdict": "scale", "reason": "All targets are met.", "lessons": LESSONS}


def tag(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def fields(answer: Any) -> list[str]:
    return [error["field"] for error in answer.json()["errors"]]


def test_a_pilot_from_its_sheet_to_its_lessons(
    cast: Cast, response: Response, session: Session, program: Program, clock: FakeClock
) -> None:
    owner, responder = program(cast.owner), program(cast.responder)
    begun = responder.post(f"responses/{response.id}/pilot")
    path = f"pilots/{begun.json()['pilot_id']}"
    incomplete = owner.post(f"{path}/signature", headers=tag(1))
    written = owner.put(f"{path}/sheet", json=SHEET, headers=tag(1))
    stale = owner.post(f"{path}/signature", headers=tag(1))
    clock.now = datetime(2030, 6, 9, 22, tzinfo=UTC)  # midnight in Hamburg
    signed = [side.post(f"{path}/signature", headers=tag(2)) for side in (owner, responder)]
    [row] = owner.get(f"{path}/results").json()["items"]
    [interim] = responder.get(path).json()["inside"]["reports"]
    missing = responder.post(f"{path}/report")
    measured = responder.put(
        f"{path}/results", json={"rows": [{"id": row["id"], "result": RESULT, "note": "Windy"}]}
    )
    told = responder.put(
        f"{path}/reports/{interim['id']}", json={"text": "It runs every day at the berth."}
    )
    reported = responder.post(f"{path}/report")
    given_back = owner.post(f"{path}/return", json={"reason": "Measure once more, at night."})
    responder.post(f"{path}/report")
    completed = owner.post(f"{path}/decision", json=DECISION)

    assert (begun.status_code, begun.headers["etag"]) == (201, '"1"')
    assert (incomplete.status_code, "rows[0].name" in fields(incomplete)) == (422, True)
    assert (written.json()["gaps"], written.headers["etag"]) == ([], '"2"')
    assert written.json()["rows"][0]["target"] == "10"
    assert stale.status_code == 412
    assert [each.json()["state"] for each in signed] == ["draft", "running"]
    assert (missing.status_code, measured.json()["items"][0]["result"]) == (422, RESULT)
    assert told.json()["handed_in_at"] == "2030-06-09T22:00:00Z"
    assert [each.json()["state"] for each in (reported, given_back, completed)] == [
        "reported", "running", "completed",
    ]  # fmt: skip
    session.expire_all()
    pilot = session.get_one(Pilot, begun.json()["pilot_id"])
    assert (pilot.verdict, pilot.lessons) == ("scale", LESSONS)
    assert session.get_one(Challenge, cast.challenge.id).state is ChallengeState.COMPLETED


def test_acts_come_in_their_order_and_from_their_side(
    cast: Cast, response: Response, program: Program
) -> None:
    pilot = make_pilot(response, state=PilotState.RUNNING, has_results=True)
    owner, responder, rival = map(program, (cast.owner, cast.responder, cast.rival))
    path = f"pilots/{pilot.id}"

    refused = [
        owner.post(f"responses/{response.id}/pilot"),
        owner.get(f"{path}/sheet"),
        owner.put(f"{path}/sheet", json=SHEET, headers=tag(1)),
        owner.put(f"{path}/sheet", json=SHEET),
        owner.post(f"{path}/decision", json=DECISION),
        owner.post(f"{path}/report"),
        responder.post(f"{path}/decision", json=DECISION),
        rival.put(f"{path}/results", json={"rows": []}),
        rival.post(f"{path}/stop", json={"reason": "No", "lessons": LESSONS}),
        rival.post(f"{path}/replicate", json={}),
        owner.post(f"{path}/stop", json={"reason": "The berth is closed."}),
    ]

    assert [answer.status_code for answer in refused] == [
        409, 409, 409, 428, 409, 403, 403, 403, 403, 404, 422,
    ]  # fmt: skip
    assert fields(refused[-1]) == ["lessons"]


def test_a_stopped_pilot_says_why(cast: Cast, response: Response, program: Program) -> None:
    pilot = make_pilot(response, state=PilotState.RUNNING)

    stopped = program(cast.owner).post(
        f"pilots/{pilot.id}/stop", json={"reason": "The berth is closed.", "lessons": LESSONS}
    )
    shown = program(cast.rival).get(f"pilots/{pilot.id}").json()

    assert stopped.json()["state"] == "stopped"
    assert (shown["verdict"], shown["verdict_reason"]) == ("stop", "The berth is closed.")


def test_a_site_that_takes_no_pilots_is_refused_and_one_that_does_is_taken(
    cast: Cast, response: Response, program: Program
) -> None:
    pilot = make_pilot(response)
    closed = make_site(cast.startup)
    closed.is_offered = False
    save(closed)
    open_site = make_site(cast.startup)
    path, owner = f"pilots/{pilot.id}/sheet", program(cast.owner)

    refused = [
        owner.put(path, json={**SHEET, "site_id": site_id}, headers=tag(1))
        for site_id in (closed.id, 999_999)
    ]
    taken = owner.put(path, json={**SHEET, "site_id": open_site.id}, headers=tag(1))

    assert [(answer.status_code, fields(answer)) for answer in refused] == [(422, ["site_id"])] * 2
    assert taken.json()["site_id"] == open_site.id


def test_what_a_side_hides_is_null_for_others(
    cast: Cast, response: Response, program: Program, client: TestClient
) -> None:
    pilot = make_pilot(response, state=PilotState.RUNNING, has_results=True)
    path, hidden = f"pilots/{pilot.id}", [part.value for part in PublicPart]
    everything = client.get(f"/api/v1/{path}").json()

    hid = program(cast.responder).put(f"{path}/publicity", json={"hidden": hidden})
    shown = client.get(f"/api/v1/{path}").json()
    inside = program(cast.curator).get(path).json()

    parts = ("responder", "hypothesis", "indicators", "place", "payment", "payment_eur")
    assert hid.json() == {"id": pilot.id, "state": "running", "version": None}
    assert all(everything[part] for part in parts)
    assert [shown[part] for part in (*parts, "judgements", "site_id")] == [None] * 8
    assert (everything["inside"], shown["inside"]) == (None, None)
    assert (inside["inside"]["agreement"], inside["inside"]["hidden"]) == (pilot.agreement, hidden)
    assert client.get("/api/v1/pilots").json()["items"][0]["responder"] is None
    assert inside["responder"]["name"] == cast.startup.name


def test_before_it_begins_only_those_concerned_know_of_it(
    cast: Cast, response: Response, program: Program, client: TestClient
) -> None:
    pilot = make_pilot(response, state=PilotState.AGREED)

    assert client.get(f"/api/v1/pilots/{pilot.id}").status_code == 404
    assert client.get("/api/v1/pilots").json()["items"] == []
    assert program(cast.owners_reader).get(f"pilots/{pilot.id}").json()["state"] == "agreed"


def test_a_completed_pilot_is_taken_over(
    cast: Cast, response: Response, session: Session, program: Program
) -> None:
    pilot = make_pilot(response, state=PilotState.COMPLETED, has_results=True)
    elsewhere: Organisation = make_organisation(name="Port of Elsewhere")
    other: User = make_member(elsewhere)
    home = {"title": "A plug at our own quay", "place": "Brest"}
    path = f"pilots/{pilot.id}/replicate"

    own = program(cast.owner).post(path, json={**home, "organisation_id": cast.challenge.owner_id})
    foreign = program(other).post(path, json={**home, "organisation_id": cast.startup.id})
    taken = program(other).post(path, json={**home, "organisation_id": elsewhere.id})

    assert (own.status_code, foreign.status_code, fields(foreign)) == (
        403, 422, ["organisation_id"],
    )  # fmt: skip
    draft = session.get_one(Challenge, taken.json()["id"])
    assert (taken.status_code, draft.owner_id, draft.place) == (201, elsewhere.id, "Brest")
    assert program(other).get(f"pilots/{pilot.id}").json()["replicated_by"] == []


def test_the_list_filters_and_its_queries_are_constant(
    session: Session, client: TestClient, session_factory: sessionmaker[Session]
) -> None:
    one = make_pilot(state=PilotState.RUNNING)
    with statements(session_factory) as for_one:
        client.get("/api/v1/pilots")
    done = [make_pilot(state=PilotState.COMPLETED) for _ in range(2)]
    with statements(session_factory) as for_three:
        found = client.get("/api/v1/pilots").json()
    running = client.get("/api/v1/pilots?state=running").json()

    assert len(for_one) == len(for_three)
    assert {item["id"] for item in found["items"]} == {one.id, *(pilot.id for pilot in done)}
    assert [item["id"] for item in running["items"]] == [one.id]
    assert client.get("/api/v1/pilots?state=soon").status_code == 422
