"""What ties people to organisations, noted by programs."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from tests.factories.people import make_organisation, make_user

Program = Callable[..., TestClient]


def test_a_person_notes_and_ends_their_own_ties_only(session: Session, program: Program) -> None:
    make_organisation(name="Quay Plug")
    ada, eve = program(make_user()), program(make_user())
    body = {"organisation": "quay plug", "kind": "former_employer"}

    unknown = ada.post("me/ties", json={**body, "organisation": "Nobody"})
    wrong = ada.post("me/ties", json={**body, "kind": "rumour"})
    noted = ada.post("me/ties", json=body)
    [tie] = noted.json()["items"]
    foreign = eve.post(f"me/ties/{tie['id']}/end")
    ended = ada.post(f"me/ties/{tie['id']}/end")

    assert [(each.status_code, each.json()["errors"][0]["field"]) for each in (unknown, wrong)] == [
        (422, "organisation"), (422, "kind"),
    ]  # fmt: skip
    assert (noted.status_code, tie["organisation"]["name"], tie["ended_on"]) == (
        201, "Quay Plug", None,
    )  # fmt: skip
    assert (foreign.status_code, ended.json()["items"][0]["ended_on"]) == (404, "2030-06-03")
    assert eve.get("me/ties").json()["items"] == []
