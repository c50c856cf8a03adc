"""What a route asks for several times is gone through once."""

from collections.abc import Iterator
from itertools import count
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from app.core.dependencies import solve_once

NUMBERS = count(1)


def get_session() -> Iterator[int]:
    yield next(NUMBERS)


Session = Annotated[int, Depends(get_session)]


async def get_actor(session: Session) -> str:
    return f"actor of {session}"


Actor = Annotated[str, Depends(get_actor)]


async def get_row(number: int, actor: Actor, session: Session) -> str:
    return f"row {number} for the {actor} of {session}"


Row = Annotated[str, Depends(get_row)]


async def get_own_row(row: Row, actor: Actor) -> str:
    return f"{row}: {actor}"


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()

    @app.get("/{number}")
    async def show(
        row: Row, own: Annotated[str, Depends(get_own_row)], actor: Actor, session: Session
    ) -> list[str]:
        return [row, own, actor, str(session)]

    return app


def dependant_of(app: FastAPI) -> Dependant:
    [found] = [each.dependant for each in app.routes if isinstance(each, APIRoute)]
    return found


def size_of(dependant: Dependant) -> int:
    return 1 + sum(size_of(each) for each in dependant.dependencies)


def test_every_place_gets_the_same_value(app: FastAPI) -> None:
    before = size_of(dependant_of(app))
    solve_once(dependant_of(app))

    with TestClient(app) as client:
        row, own, actor, session = client.get("/7").json()
    assert actor == f"actor of {session}"
    assert row == f"row 7 for the {actor} of {session}"
    assert own == f"{row}: {actor}"
    assert (before, size_of(dependant_of(app))) == (15, 12)


def test_a_parameter_that_is_refused_is_refused_in_every_place(app: FastAPI) -> None:
    with TestClient(app) as client:
        before = client.get("/seven")
        solve_once(dependant_of(app))

        assert client.get("/seven").json() == before.json()
    assert before.status_code == 422
    assert len(before.json()["detail"]) == 2


def test_what_is_asked_for_anew_each_time_stays_whole() -> None:
    app = FastAPI()
    fresh = Depends(get_actor, use_cache=False)

    @app.get("/")
    async def show(one: Annotated[str, fresh], other: Annotated[str, fresh]) -> list[str]:
        return [one, other]

    solve_once(dependant_of(app))

    with TestClient(app) as client:
        one, other = client.get("/").json()
    assert one == other  # of the one session
    assert size_of(dependant_of(app)) == 5
