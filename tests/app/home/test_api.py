"""What waits for a person and what is theirs, for programs."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.challenges.models import ChallengeState
from app.responses.models import PartnerState, ResponseState
from tests.factories.casts import make_cast
from tests.factories.challenges import make_challenge, make_draft
from tests.factories.partners import make_partner
from tests.factories.people import make_user
from tests.factories.responses import make_response
from tests.statements import statements

Program = Callable[..., TestClient]


def test_everybody_reads_their_own_work(session: Session, program: Program) -> None:
    cast = make_cast()
    session.refresh(cast.challenge, ["owner"])
    draft = make_draft(owner=cast.challenge.owner)
    answer = make_response(cast.challenge, cast.startup, state=ResponseState.DRAFT)

    owners = program(cast.owner).get("me/work").json()
    responders = program(cast.responder).get("me/work").json()
    nobodys = program(make_user()).get("me/work").json()

    def paths(work: dict[str, list[dict[str, list[dict[str, str]]]]]) -> set[str]:
        return {task["path"] for section in work["sections"] for task in section["tasks"]}

    assert f"/challenges/{draft.id}/edit" in paths(owners)
    assert f"/responses/{answer.id}/edit" in paths(responders)
    assert paths(owners) & paths(responders) == set()
    assert (paths(nobodys), owners["today"]) == (set(), "2030-06-03")


def test_own_challenges_and_answers_are_listed_with_constant_queries(
    session: Session, program: Program, session_factory: sessionmaker[Session]
) -> None:
    cast = make_cast(state=ChallengeState.EVALUATING)
    session.refresh(cast.challenge, ["owner"])
    lead = make_response(cast.challenge, cast.startup, state=ResponseState.INELIGIBLE)
    owner, responder = program(cast.owner), program(cast.responder)
    for reader in (owner, responder):
        reader.get("me")  # notes the first use of the token
    with statements(session_factory) as for_one:
        owner.get("me/challenges")
        responder.get("me/answers")
    own = [make_draft(owner=cast.challenge.owner) for _ in range(2)]
    part = make_response(make_challenge(), cast.rivals_organisation)
    make_partner(part, cast.startup, state=PartnerState.SIGNED)
    declined = make_response(make_challenge(), cast.rivals_organisation)
    make_partner(declined, cast.startup, state=PartnerState.DECLINED)
    with statements(session_factory) as for_three:
        challenges = owner.get("me/challenges").json()
        answers = responder.get("me/answers").json()

    assert len(for_one) == len(for_three)
    assert {item["id"] for item in challenges["items"]} == {cast.challenge.id, *(d.id for d in own)}
    assert {item["id"]: item["state"] for item in answers["items"]} == {
        lead.id: "in_evaluation",  # that it is ineligible is not told yet
        part.id: part.state.value,
    }
    assert program(cast.administrator).get("me/challenges").json()["total"] == 0
