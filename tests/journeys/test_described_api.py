"""Whatever the description of the API lets somebody send, the answer is no fault of ours."""

from collections import Counter
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
from tests.access.world import World, make_world
from tests.factories import EARLIER, find, save
from tests.factories.evaluations import make_tie
from tests.factories.messages import make_message
from tests.factories.people import make_organisation, make_token
from tests.factories.searches import make_search

pytestmark = pytest.mark.slow
EXAMPLES = 12
AT_THE_DOOR = frozenset({400, 401, 403, 404, 428})
"""Answers to requests that are refused before anything of theirs is looked at."""


def test_nothing_that_can_be_sent_breaks_anything(app: FastAPI, session: Session) -> None:
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
        _try(operation, world, headers, faults.setdefault(label, set()), answers)

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


def _try(
    operation: Any, world: World, headers: dict[str, str], faults: set[Any], seen: Counter[int]
) -> None:
    """Send a dozen requests, half of them to rows that exist in their version; collect faults."""
    numbers = iter(range(10**6))
    described = operation.definition.raw["responses"].values()
    declared = {kind for answer in described for kind in answer.get("content", {})}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        if next(numbers) % 2 == 0:
            known = {name: world.ids[name] for name in case.path_parameters if name in world.ids}
            slug = {"slug": world.ids["responder_slug"]} if "slug" in case.path_parameters else {}
            case.path_parameters = {**case.path_parameters, **known, **slug}
            if "If-Match" in {each.name for each in operation.headers}:
                case.headers["If-Match"] = '"1"'
        answer = case.call(headers=headers)
        seen[answer.status_code] += 1
        kind = answer.headers.get("content-type", [""])[0].split(";")[0]
        if answer.status_code >= 500 or kind not in declared:
            faults.add((answer.status_code, kind))

    send()
