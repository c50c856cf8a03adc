"""Doors that are sealed until the deadline, tried after it: only those listed get in."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from tests.access.doors import (
    CURATORS,
    DOORS,
    NOBODY_YET,
    OWNER,
    OWNER_SIDE,
    REGION,
    address,
)
from tests.access.test_every_door import offers, routes
from tests.access.test_parity import EVALUATORS, make_evaluated_world
from tests.conftest import FakeClock
from tests.factories.people import make_token

SignIn = Callable[[User], TestClient]
REFUSED = frozenset({401, 403, 404})
SCORING = frozenset({"evaluator", "slow_evaluator"})
SCREENING = OWNER | CURATORS
STILL_NOBODY = (
    "accounts:visit_provider accounts:return_from_provider accounts:follow_provider "
    "accounts:prove_with feeds:own_deadlines feeds:search operations:metrics "
    "partners:sign partners:decline evaluations:end_tie "
    "trail:fetch pilots:prepare_replication pilots:replicate"
)
"""Sealed by a secret, somebody else's, or not there in this world."""
LATER: dict[str, frozenset[str]] = {
    **dict.fromkeys(STILL_NOBODY.split(), NOBODY_YET),
    **dict.fromkeys(("disqualifications:show", "disqualifications:open"), REGION),
    "disqualifications:settle": REGION,
    **dict.fromkeys(("evaluations:declaration", "evaluations:declare"), EVALUATORS),
    **dict.fromkeys(("evaluations:worklist", "evaluations:scores", "evaluations:score"), SCORING),
    "evaluations:comparison": SCORING | OWNER_SIDE | CURATORS,
    **dict.fromkeys(("evaluations:discussion", "evaluations:discuss"), SCORING | SCREENING),
    **dict.fromkeys(("reviews:edit_decision", "reviews:prepare_decision"), OWNER),
    **dict.fromkeys(("screenings:show", "screenings:declare_eligible"), SCREENING),
    **dict.fromkeys(("screenings:object", "screenings:ask"), SCREENING),
    "screenings:uphold": OWNER,
}
"""Who gets in after the deadline where before it nobody does."""


def test_after_the_deadline_only_those_listed_get_in(
    app: FastAPI, client: TestClient, session: Session, sign_in: SignIn, clock: FakeClock
) -> None:
    world = make_evaluated_world(clock)
    twins = {name: offer.twin for name, offer in offers(app).items()}
    people = {who: user for who, user in world.people.items() if user}
    browsers = {who: sign_in(user) for who, user in people.items()}
    headers = {
        who: {"Authorization": f"Bearer {make_token(user)[0]}"} for who, user in people.items()
    }
    wrong: dict[str, list[str]] = {}
    sealed = {name for name, who in DOORS.items() if who == NOBODY_YET}

    for name, route in routes(app).items():
        method, _, path = route.partition(" ")
        page = twins.get(name, name)
        if page not in sealed:
            continue
        where, admitted = address(path, page, world), set()
        for who in people:
            if name in twins:
                answer = client.request(method, where, headers=headers[who])
            else:
                answer = browsers[who].request(method, where)
            if answer.status_code not in REFUSED:
                admitted.add(who)
        if admitted != LATER[page]:
            wrong[name] = sorted(admitted ^ LATER[page])

    assert wrong == {}
    assert set(LATER) == sealed
