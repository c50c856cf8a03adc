"""Referrals and recommendations for programs."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from tests.factories.casts import make_cast
from tests.factories.people import make_cluster, make_member

Program = Callable[..., TestClient]
WHY = "It is about batteries rather than ships."


def test_a_challenge_goes_to_the_cluster_that_accepts_it(
    session: Session, program: Program
) -> None:
    cast, other = make_cast(), make_cluster(name="Battery Cluster")
    curator, receiver = program(cast.curator), program(make_member(other))
    path = f"challenges/{cast.challenge.id}/referrals"

    refused = [
        curator.post(path, json={"target": other.id}),
        curator.post(path, json={"target": cast.startup.id, "note": WHY}),
        program(cast.owner).post(path, json={"target": other.id, "note": WHY}),
    ]
    referred = curator.post(path, json={"target": other.id, "note": WHY})
    again = curator.post(path, json={"target": other.id, "note": WHY})
    one = f"referrals/{referred.json()['id']}"
    wrong_hands = curator.post(f"{one}/answer", json={"answer": "accept"})
    no_reason = receiver.post(f"{one}/answer", json={"answer": "decline"})
    accepted = receiver.post(f"{one}/answer", json={"answer": "accept"})

    assert [answer.status_code for answer in refused] == [422, 422, 404]
    assert (referred.status_code, referred.json()["to_cluster"]["id"]) == (201, other.id)
    assert (again.status_code, wrong_hands.status_code, no_reason.status_code) == (422, 403, 422)
    assert accepted.json()["state"] == "accepted"
    assert program(cast.rival).get(one).status_code == 404
    session.expire_all()
    assert session.get_one(Challenge, cast.challenge.id).curating_cluster_id == other.id


def test_a_recommendation_is_for_the_curators(session: Session, program: Program) -> None:
    cast = make_cast()
    path, body = f"challenges/{cast.challenge.id}", {"note": "They did it in Brest."}

    unknown = program(cast.rival).post(
        f"{path}/recommendations", json={**body, "organisation_id": 999_999}
    )
    passed_on = program(cast.rival).post(
        f"{path}/recommendations", json={**body, "organisation_id": cast.startup.id}
    )
    [listed] = program(cast.curator).get(f"{path}/referrals").json()["items"]

    assert (unknown.status_code, passed_on.status_code) == (404, 200)
    assert (listed["kind"], listed["state"]) == ("scout", "recorded")
    assert (listed["organisation"]["id"], listed["note"]) == (cast.startup.id, body["note"])
    assert program(cast.owner).get(f"{path}/referrals").status_code == 404
