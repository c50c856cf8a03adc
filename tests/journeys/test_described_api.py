"""Whatever the description of the API lets somebody send, the answer is no fault of ours.

``pytest --long`` sends five times as much, and as everybody.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.organisations.models import MemberRole, Membership, Organisation
from tests.access.doors import DOORS, NARROWER, ids_for
from tests.access.test_every_door import offers
from tests.access.world import World, make_world
from tests.contents import contents
from tests.factories import EARLIER, find, save
from tests.factories.evaluations import make_tie
from tests.factories.messages import make_message
from tests.factories.people import make_organisation, make_token
from tests.factories.searches import make_search

pytestmark = pytest.mark.slow
EXAMPLES, LONG_EXAMPLES = 10, 50
"""Requests to each operation, by somebody who may do everything; a fifth of that by all others."""
AT_THE_DOOR = frozenset({400, 401, 403, 404, 428})
"""Answers to requests that are refused before anything of theirs is looked at."""


@pytest.fixture
def examples(request: pytest.FixtureRequest) -> int:
    """How many requests are sent to each operation."""
    return LONG_EXAMPLES if request.config.getoption("--long") else EXAMPLES


def test_nothing_that_can_be_sent_breaks_anything(
    app: FastAPI, session: Session, examples: int
) -> None:
    world = make_world()
    everybody = _everybody(world)
    world = replace(world, ids={**world.ids, **_own_rows(everybody)})
    headers = {"Authorization": f"Bearer {make_token(everybody)[0]}"}
    app.state.settings = app.state.settings.model_copy(update={"api_requests_per_minute": 10**6})
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    faults: dict[str, set[tuple[int, str]]] = {}
    seen: dict[str, Counter[int]] = {}

    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        label = operation.label
        answers = seen.setdefault(label, Counter())
        send = _sender(operation, headers, faults.setdefault(label, set()), answers)
        _try(operation, examples, _about_some(world, send))

    inside = {label for label, answers in seen.items() if set(answers) - AT_THE_DOOR}
    assert {label: found for label, found in faults.items() if found} == {}
    assert {200, 201, 403, 404, 409, 412, 422, 428} <= set(sum(seen.values(), Counter()))
    assert len(inside) * 3 > len(seen) * 2, sorted(set(seen) - inside)


def _everybody(world: World) -> User:
    """Return somebody who may do everything, so that the inside is reached and not only doors."""
    region = world.people["region"]
    assert region is not None
    for organisation in find(select(Organisation)):
        save(
            Membership(
                user_id=region.id,
                organisation_id=organisation.id,
                role=MemberRole.MANAGER,
                created_at=EARLIER,
            )
        )
    return region


def _own_rows(person: User) -> dict[str, str]:
    """Return the ids of what can only be somebody's own."""
    return {
        "message_id": str(make_message(person).id),
        "search_id": str(make_search(person).id),
        "tie_id": str(make_tie(make_organisation(), person).id),
    }


Send = Callable[[Any], int]


def _try(operation: Any, examples: int, send: Callable[[int, Any], object]) -> None:
    """Make requests as described and send them, each with its number."""
    numbers = iter(range(10**6))

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def try_it(case: Any) -> None:
        send(next(numbers), case)

    try_it()


def _about_some(world: World, send: Send) -> Callable[[int, Any], object]:
    """Return what sends every other request about rows that exist."""
    return lambda number, case: send(_known(case, world, number))


def _known(case: Any, world: World, number: int) -> Any:
    """Let every other request be about rows that exist, in their version."""
    if number % 2 == 0:
        known = {name: world.ids[name] for name in case.path_parameters if name in world.ids}
        slug = {"slug": world.ids["responder_slug"]} if "slug" in case.path_parameters else {}
        case.path_parameters = {**case.path_parameters, **known, **slug}
        if "If-Match" in {each.name for each in case.operation.headers}:
            case.headers["If-Match"] = '"1"'
    return case


def _sender(operation: Any, headers: dict[str, str], faults: set[Any], seen: Counter[int]) -> Send:
    """Return what sends a request, and notes faults and what was answered."""
    described = operation.definition.raw["responses"].values()
    declared = {kind for answer in described for kind in answer.get("content", {})}

    def send(case: Any) -> int:
        answer = case.call(headers=headers)
        seen[answer.status_code] += 1
        kind = answer.headers.get("content-type", [""])[0].split(";")[0]
        if answer.status_code >= 500 or kind not in declared:
            faults.add((answer.status_code, kind))
        return int(answer.status_code)

    return send


def test_nothing_that_others_send_about_rows_of_somebody_gets_in(
    app: FastAPI, session: Session, examples: int, request: pytest.FixtureRequest
) -> None:
    world, found = make_world(), offers(app)
    strangers = (
        list(world.people) if request.config.getoption("--long") else ["visitor", "outsider"]
    )
    headers = {
        who: {"Authorization": f"Bearer {make_token(user)[0]}"} if user else {}
        for who, user in world.people.items()
    }
    app.state.settings = app.state.settings.model_copy(update={"api_requests_per_minute": 10**6})
    by_operation = {name.replace(":api_", "_"): name for name in found}
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    before, got_in, faults = contents(session), set(), set[Any]()

    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        name = by_operation[operation.definition.raw["operationId"]]
        twin = found[name].twin
        for who in set(strangers) - NARROWER.get(name, DOORS[twin]):
            seen = Counter[int]()
            send = _sender(operation, headers[who], faults, seen)
            _try(operation, max(1, examples // 5), _about(ids_for(twin, world), send))
            got_in |= {(name, who, status) for status in seen if status < 400}

    assert (got_in, faults) == (set(), set())
    assert contents(session) == before


def _about(ids: dict[str, str], send: Send) -> Callable[[int, Any], object]:
    """Return what sends every request about rows that exist."""

    def send_it(_number: int, case: Any) -> object:
        case.path_parameters = {name: ids[name] for name in case.path_parameters}
        return send(case)

    return send_it
