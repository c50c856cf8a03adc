"""The second life of an answer for programs."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.challenges.models import ChallengeState
from app.responses.models import Response, ResponseState
from tests.factories import EARLIER, save
from tests.factories.casts import make_cast
from tests.factories.challenges import make_challenge
from tests.factories.responses import make_response

Program = Callable[..., TestClient]
NOTE = {"note": "Their quay has the same problem."}


def test_nothing_is_proposed_without_consent_and_its_organisation_decides(
    session: Session, program: Program
) -> None:
    cast, other = make_cast(state=ChallengeState.DECIDED), make_challenge()
    cast.challenge.closes_at = EARLIER
    save(cast.challenge)
    answer = make_response(cast.challenge, cast.startup, state=ResponseState.NOT_SELECTED)
    curator, responder = program(cast.curator), program(cast.responder)
    path, body = f"responses/{answer.id}/second-life", {**NOTE, "target_id": other.id}

    without = curator.post(f"{path}/proposals", json=body)
    foreign = curator.put(f"{path}/consent", json={"allowed": True})
    allowed = responder.put(f"{path}/consent", json={"allowed": True})
    nowhere = curator.post(f"{path}/proposals", json={**NOTE, "target_id": 999_999})
    proposed = curator.post(f"{path}/proposals", json=body)
    [proposal] = proposed.json()["proposals"]
    one = f"{path}/proposals/{proposal['id']}"
    not_theirs = curator.post(f"{one}/accept")
    accepted = responder.post(f"{one}/accept")
    too_late = responder.post(f"{one}/decline")

    assert without.status_code in {403, 409, 422}
    assert (foreign.status_code, allowed.json()["consented_at"]) == (403, "2030-06-03T12:00:00Z")
    assert (nowhere.status_code, proposed.status_code) == (422, 201)
    assert (proposal["target"]["id"], proposal["state"]) == (other.id, "proposed")
    assert not_theirs.status_code == 403
    draft = session.get_one(Response, accepted.json()["id"])
    assert (draft.challenge_id, draft.organisation_id) == (other.id, cast.startup.id)
    assert (accepted.status_code, too_late.status_code) == (201, 409)
    assert program(cast.rival).get(path).status_code == 404
