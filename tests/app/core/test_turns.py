"""More requests at once than there are connections: all are answered, nobody waits for nothing."""

import asyncio
from collections.abc import Callable

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.accounts.models import User
from app.core.turns import MOST_AT_ONCE, MOST_CONNECTIONS, Turns
from tests.conftest import FakeClock
from tests.factories.people import make_user


def test_many_at_once_are_all_answered(
    app: FastAPI, sign_in: Callable[[User], TestClient], clock: FakeClock
) -> None:
    """After ten minutes each page also notes that it was read, over a connection of its own."""
    cookies = dict(sign_in(make_user()).cookies)
    clock.advance(minutes=11)

    async def ask() -> list[int]:
        transport = httpx.ASGITransport(app=app)
        address = "http://testserver"
        async with httpx.AsyncClient(
            transport=transport, base_url=address, cookies=cookies, timeout=20
        ) as browser:
            count = 2 * MOST_CONNECTIONS
            answers = await asyncio.gather(*(browser.get("/home") for _ in range(count)))
        return [answer.status_code for answer in answers]

    assert asyncio.run(ask()) == [200] * 2 * MOST_CONNECTIONS


def test_no_more_take_a_turn_at_once_than_may() -> None:
    turns, inside, seen = Turns(2), 0, []

    async def one() -> None:
        nonlocal inside
        async with turns.here():
            inside += 1
            seen.append(inside)
            await asyncio.sleep(0)
            inside -= 1

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(7)))

    asyncio.run(all_of_them())
    asyncio.run(all_of_them())  # another loop, as in another test

    assert (max(seen), len(seen)) == (2, 14)
    assert MOST_CONNECTIONS > 2 * MOST_AT_ONCE
