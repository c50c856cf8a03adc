"""What curators do with a whole list, for programs: sending, its pace, order and notes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.matches.models import Match, MatchState
from app.organisations.models import Organisation
from tests.app.shortlists.test_own_members import REASON, make_pool, state_of
from tests.conftest import NOON
from tests.factories import save
from tests.factories.matches import make_match
from tests.factories.people import make_member, make_organisation

Program = Callable[..., TestClient]


@pytest.fixture
def curators(cluster: Organisation, program: Program) -> TestClient:
    """A curator's program."""
    return program(make_member(cluster))


@pytest.fixture
def kept(challenge: Challenge) -> list[Match]:
    """Two kept matches, in order."""
    found = [make_match(challenge, state=MatchState.KEPT) for _ in range(2)]
    for place, match in enumerate(found, start=1):
        match.position = place
        save(match)
    return found


def test_a_flagged_list_names_the_field_that_is_owed(
    curators: TestClient, challenge: Challenge, cluster: Organisation, session: Session
) -> None:
    kept = make_pool(challenge, cluster, own=3, others=3)
    path = f"challenges/{challenge.id}/shortlist"
    body: dict[str, object] = {"match_id": [match.id for match in kept]}

    before = curators.get(f"{path}/sending").json()
    refused = curators.post(f"{path}/send", json=body)
    assert before["owes_share_reason"] is True
    assert (refused.status_code, state_of(session, kept[0])) == (422, "kept")
    [error] = refused.json()["errors"]
    assert error["field"] == "share_reason"
    assert error["message"] == refused.json()["detail"]

    sent = curators.post(f"{path}/send", json=body | {"share_reason": REASON})
    assert (sent.status_code, state_of(session, kept[0])) == (200, "sent")


def test_a_page_of_the_machines_list_is_told_in_its_order(
    curators: TestClient, challenge: Challenge, kept: list[Match]
) -> None:
    dropped = make_match(challenge, state=MatchState.DROPPED)
    path = f"challenges/{challenge.id}/matches"

    listed = curators.get(path).json()["items"]
    narrowed = curators.get(path, params={"state": "dropped"}).json()["items"]
    assert [each["id"] for each in listed] == [match.id for match in kept]
    assert [each["position"] for each in listed] == [1, 2]
    assert [each["id"] for each in narrowed] == [dropped.id]
    assert curators.get(path, params={"page": 2}).json()["items"] == []


def test_invitations_go_out_at_the_pace_that_a_program_sets(
    curators: TestClient, challenge: Challenge, kept: list[Match], session: Session
) -> None:
    path = f"challenges/{challenge.id}/shortlist"

    wrong = curators.put(f"{path}/pace", json={"batch_size": 0, "wait_days": 5})
    paced = curators.put(f"{path}/pace", json={"batch_size": 1, "wait_days": 5})
    coming = curators.get(f"{path}/sending").json()
    sent = curators.post(f"{path}/send", json={"match_id": [match.id for match in kept]}).json()
    after = curators.get(f"{path}/sending").json()
    by_hand = curators.put(
        f"{path}/pace", json={"batch_size": 1, "wait_days": 5, "by_hand": "1"}
    ).json()

    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "batch_size")
    assert paced.json() == {
        "batch_size": 1, "wait_days": 5, "is_automatic": True, "next_at": None,
    }  # fmt: skip
    assert [each["match_id"] for each in coming["now"]] == [kept[0].id]
    assert [each["match_id"] for each in coming["later"]] == [kept[1].id]
    assert sent == {"invited": [kept[0].id], "waiting": [kept[1].id]}
    due = (NOON + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert after["pace"]["next_at"] == due
    assert (by_hand["is_automatic"], by_hand["next_at"]) == (False, None)


def test_a_list_is_written_as_a_whole_and_nobody_is_overwritten(
    curators: TestClient, challenge: Challenge, kept: list[Match], session: Session
) -> None:
    first, second = kept
    path = f"challenges/{challenge.id}/shortlist"
    rows = [
        {"match_id": first.id, "place": 2, "note": "", "was_place": 1, "was_note": ""},
        {"match_id": second.id, "place": 1, "note": "A berth.", "was_place": 2, "was_note": ""},
    ]

    stored = curators.put(path, json={"entries": rows})
    entries = curators.get(path).json()["entries"]
    late = curators.put(path, json={"entries": [rows[1] | {"note": "Two berths.", "place": 2}]})

    assert stored.json() == {"changed": 2}
    assert [(each["id"], each["note"]) for each in entries] == [
        (second.id, "A berth."), (first.id, ""),
    ]  # fmt: skip
    assert (late.status_code, late.json()["type"]) == (412, "/api#problem-changed-meanwhile")
    session.refresh(second)
    assert second.note == "A berth."


def test_organisations_are_found_by_name(curators: TestClient, challenge: Challenge) -> None:
    listed, free = make_organisation(name="Quay Plug"), make_organisation(name="Quay Crane")
    make_match(challenge, listed, state=MatchState.KEPT)
    path = f"challenges/{challenge.id}/shortlist/candidates"

    [found] = curators.get(path, params={"q": "quay c"}).json()["items"]
    [known] = curators.get(path, params={"q": listed.name}).json()["items"]

    assert (found["organisation"]["id"], found["state"]) == (free.id, None)
    assert (known["organisation"]["id"], known["state"]) == (listed.id, "kept")
    assert curators.get(path).json()["items"] == []
