"""What came of challenges, for programs."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.challenges.models import ChallengeState
from app.outcomes.models import Outcome
from app.pilots.models import PilotState, PublicPart
from app.responses.models import ResponseState
from tests.factories import EARLIER, save
from tests.factories.casts import make_cast
from tests.factories.outcomes import make_outcome_question
from tests.factories.pilots import make_pilot
from tests.factories.responses import make_response

Program = Callable[..., TestClient]


def test_each_side_says_once_what_came_of_it(session: Session, program: Program) -> None:
    cast = make_cast(state=ChallengeState.COMPLETED)
    question = make_outcome_question(cast.challenge, cast.startup)
    path, reply = f"outcomes/{question.id}", {"outcome": "contract", "amount_eur": 31_000}

    foreign = program(cast.owner).post(path, json=reply)
    wrong = program(cast.responder).post(path, json={"outcome": "perhaps"})
    answered = program(cast.responder).post(path, json={**reply, "is_public": True})
    again = program(cast.responder).post(path, json=reply)

    assert [each.status_code for each in (foreign, wrong, answered, again)] == [404, 422, 200, 409]
    shown = program(cast.responder).get(path).json()
    assert (shown["outcome"], shown["amount_eur"], shown["is_public"]) == ("contract", 31_000, True)
    assert shown["challenge"]["id"] == cast.challenge.id


def test_everybody_reads_what_the_sides_let_them(session: Session, client: TestClient) -> None:
    cast = make_cast(state=ChallengeState.PILOTING)
    cast.challenge.decided_at = EARLIER
    save(cast.challenge)
    response = make_response(cast.challenge, cast.startup, state=ResponseState.PILOTING)
    pilot = make_pilot(response, state=PilotState.RUNNING)
    make_outcome_question(cast.challenge, cast.startup, outcome=Outcome.CONTRACT, is_public=True)
    make_outcome_question(
        cast.challenge, cast.rivals_organisation, outcome=Outcome.NOTHING, is_public=False
    )
    path = f"/api/v1/challenges/{cast.challenge.id}/outcome"

    told = client.get(path).json()
    pilot.hidden_by_responder = [PublicPart.RESPONDER.value]
    save(pilot)
    unnamed = client.get(path).json()

    assert (told["is_decided"], told["answers"]) == (True, 1)
    assert [each["id"] for each in told["goes_on_with"]] == [cast.startup.id]
    assert [each["organisation"]["id"] for each in told["told"]] == [cast.startup.id]
    assert (unnamed["goes_on_with"], unnamed["pilots"][0]["responder"]) == ([], None)


def test_before_the_release_there_is_nothing_to_read(session: Session, client: TestClient) -> None:
    cast = make_cast()
    make_response(cast.challenge, cast.startup, state=ResponseState.SUBMITTED)

    card = client.get(f"/api/v1/challenges/{cast.challenge.id}/outcome").json()
    record = client.get(f"/api/v1/organisations/{cast.startup.slug}/track-record").json()

    assert (card["is_decided"], card["answers"], card["pilots"]) == (False, None, [])
    assert record == {"median_days": None, "answered": None, "piloted": None, "paid": None}
