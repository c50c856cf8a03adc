"""Every route, tried by everybody: only those listed get in, and nothing leaks to the others."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from app.accounts.models import Scope, User
from app.core.json_api import Offer, offer_of
from app.route_registry import API_ROUTERS
from tests.access.doors import DOORS, EVERYBODY, NARROWER, address
from tests.access.world import HIDDEN_WORDS, World
from tests.factories.people import make_token

SignIn = Callable[[User], TestClient]


def routes(app: FastAPI) -> dict[str, str]:
    """Return the method and path of every route by its name."""
    return {
        str(context.name): f"{next(iter(context.methods or ()))} {context.path}"
        for context in iter_route_contexts(app.routes)
        if getattr(context, "dependant", None) is not None
    }


def offers(app: FastAPI) -> dict[str, Offer]:
    """Return what each route of the API promises, by its name."""
    return {
        str(context.name): offer
        for context in iter_route_contexts(app.routes)
        if (offer := offer_of(getattr(context, "endpoint", None)))
    }


def test_every_page_is_listed(app: FastAPI) -> None:
    assert set(routes(app)) - set(offers(app)) == set(DOORS)


def test_every_route_of_the_api_has_a_twin_and_a_scope(app: FastAPI) -> None:
    found = offers(app)

    assert {name for name, offer in found.items() if offer.twin not in DOORS} == set()
    assert {offer.scope for offer in found.values()} <= set(Scope)


@pytest.mark.parametrize("name", DOORS)
def test_only_those_listed_get_in(
    name: str, app: FastAPI, client: TestClient, world: World, sign_in: SignIn
) -> None:
    method, _, path = routes(app)[name].partition(" ")

    admitted = {
        who
        for who in world.people
        if not _is_refused(_try(_browser(world, who, client, sign_in), method, path, name, world))
    }

    assert admitted == DOORS[name]


@pytest.mark.parametrize("router", API_ROUTERS, ids=lambda router: str(router.tags[0]))
def test_programs_get_in_where_the_twin_page_lets_their_people_in(
    router: APIRouter, app: FastAPI, client: TestClient, world: World
) -> None:
    addresses, found = routes(app), {}
    headers = {who: _bearer(user) for who, user in world.people.items()}

    for context in iter_route_contexts(router.routes):
        name, offer = str(context.name), offer_of(context.endpoint)
        assert offer is not None
        method, _, path = addresses[name].partition(" ")
        where = address(path, offer.twin, world)
        admitted = {
            who
            for who, header in headers.items()
            if not _is_refused(client.request(method, where, headers=header))
        }
        wanted = NARROWER.get(name, DOORS[offer.twin])
        if admitted != wanted:
            found[name] = sorted(admitted ^ wanted)

    assert found == {}


@pytest.mark.parametrize("router", API_ROUTERS, ids=lambda router: str(router.tags[0]))
def test_a_token_without_the_scope_opens_nothing(
    router: APIRouter, app: FastAPI, client: TestClient, world: World
) -> None:
    addresses, opened = routes(app), {}
    people = [user for user in world.people.values() if user is not None]

    for context in iter_route_contexts(router.routes):
        name, offer = str(context.name), offer_of(context.endpoint)
        assert offer is not None
        method, _, path = addresses[name].partition(" ")
        others = [scope for scope in Scope if scope != offer.scope]
        answers = {
            client.request(
                method,
                address(path, offer.twin, world),
                headers={"Authorization": f"Bearer {make_token(user, *others)[0]}"},
            ).status_code
            for user in people
        }
        if answers != {403}:
            opened[name] = answers

    assert opened == {}


def _bearer(user: User | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {make_token(user)[0]}"} if user else {}


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_no_page_shows_what_is_hidden(
    who: str, app: FastAPI, client: TestClient, world: World, sign_in: SignIn
) -> None:
    browser = _browser(world, who, client, sign_in)
    twins = {name: offer.twin for name, offer in offers(app).items()}
    addresses = {
        name: address(route.removeprefix("GET "), twins.get(name, name), world)
        for name, route in routes(app).items()
        if route.startswith("GET ")
    }
    shown = {name: browser.get(path).text for name, path in addresses.items()}
    by_token = _bearer(world.people[who])
    told = {
        name: client.get(addresses[name], headers=by_token).text for name in twins.keys() & shown
    }

    leaks = {
        (name, words)
        for words, readers in HIDDEN_WORDS.items()
        for name, text in [*shown.items(), *told.items()]
        if who not in readers and words in text
    }

    assert leaks == set()


def _browser(world: World, who: str, visitor: TestClient, sign_in: SignIn) -> TestClient:
    user = world.people[who]
    return visitor if user is None else sign_in(user)


def _try(browser: TestClient, method: str, path: str, name: str, world: World) -> Any:
    return browser.request(method, address(path, name, world))


def _is_refused(answer: Any) -> bool:
    to_sign_in = answer.headers.get("location", "").split("?")[0].endswith("/sign-in")
    return bool(answer.status_code in {401, 403, 404} or to_sign_in)
