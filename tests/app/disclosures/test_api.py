"""Protected parts for programs: written by the owner, read by layer."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.challenges.models import ChallengeState
from app.core.json_api import API
from tests.factories import save
from tests.factories.casts import make_cast
from tests.factories.challenges import make_draft

Program = Callable[..., TestClient]
PARTS = [
    {"heading": "Tariff", "text": "Nine cents.", "layer": "signed_in"},
    {"heading": "Plan", "text": "Berth six lies under the crane.", "layer": "agreed"},
]


def test_the_owner_writes_and_each_layer_reads_its_own(
    session: Session, program: Program, client: TestClient
) -> None:
    cast = make_cast()
    session.refresh(cast.challenge, ["owner", "curating_cluster"])
    draft = make_draft(owner=cast.challenge.owner, curating_cluster=cast.challenge.curating_cluster)
    path, tag = f"challenges/{draft.id}/protected", {"If-Match": f'"{draft.version}"'}
    owner, whole = program(cast.owner), {"parts": PARTS, "agreement": "Keep it to yourselves."}

    refused = [
        owner.put(path, json=whole),
        owner.put(path, json={"parts": PARTS}, headers=tag),
        program(cast.owners_reader).put(path, json=whole, headers=tag),
        program(cast.rival).put(path, json=whole, headers=tag),
    ]
    written = owner.put(path, json=whole, headers=tag)
    stale = owner.put(path, json=whole, headers=tag)
    session.refresh(draft)
    draft.state = ChallengeState.OPEN
    save(draft)
    seen = {
        name: [part["heading"] for part in program(user).get(path).json()["parts"]]
        for name, user in (("owner", cast.owner), ("rival", cast.rival))
    }

    assert [each.status_code for each in refused] == [428, 422, 403, 404]
    assert refused[1].json()["errors"][0]["field"] == "agreement"
    assert (written.status_code, stale.status_code) == (200, 412)
    assert [part["text"] for part in written.json()["parts"]] == [part["text"] for part in PARTS]
    assert seen == {"owner": ["Tariff", "Plan"], "rival": ["Tariff"]}
    assert client.get(f"{API}/{path}").status_code == 401
