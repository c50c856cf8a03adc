"""Disqualifications for programs: evidence, a reply, a settlement."""

from collections.abc import Callable
from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.challenges.models import ChallengeState
from app.responses.models import Response, ResponseState
from tests.conftest import FakeClock
from tests.factories.casts import make_cast
from tests.factories.challenges import CLOSES
from tests.factories.responses import make_response

Program = Callable[..., TestClient]
EVIDENCE = {"evidence": "The test report names the berth of another company."}
REPLY = {"reply": "We tested at that berth as a subcontractor."}
LIFTED = {"decision": "lift", "reason": "The subcontract was shown and covers the test."}


def test_the_region_opens_a_case_the_organisation_replies_the_region_settles(
    session: Session, program: Program, clock: FakeClock
) -> None:
    clock.now = CLOSES + timedelta(days=1)
    cast = make_cast(state=ChallengeState.EVALUATING)
    answer = make_response(cast.challenge, cast.startup, state=ResponseState.IN_EVALUATION)
    region, responder = program(cast.region), program(cast.responder)
    path = f"responses/{answer.id}/disqualification"

    refused = [
        program(cast.owner).post(path, json=EVIDENCE),
        program(cast.rival).post(path, json=EVIDENCE),
        responder.get(path),
        region.post(path, json={"evidence": "No."}),
        responder.post(f"{path}/reply", json=REPLY),
    ]
    opened = region.post(path, json=EVIDENCE)
    read = responder.get(path).json()
    replied = responder.post(f"{path}/reply", json=REPLY)
    settled = region.post(f"{path}/settlement", json=LIFTED)
    again = region.post(f"{path}/settlement", json=LIFTED)

    assert [each.status_code for each in refused] == [403, 404, 404, 422, 409]
    assert (opened.status_code, read["case"]["evidence"]) == (201, EVIDENCE["evidence"])
    assert (read["may_reply"], read["may_settle"]) == (True, False)
    assert replied.json()["case"]["reply"] == REPLY["reply"]
    assert settled.json()["case"]["is_confirmed"] is False
    assert again.status_code == 409
    session.expire_all()
    assert session.get_one(Response, answer.id).state is ResponseState.IN_EVALUATION
