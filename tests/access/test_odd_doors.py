"""Doors nobody built: other methods, routes outside the list, ids that do not belong together."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from tests.access.doors import DOORS, FORMS, ids_for
from tests.access.test_every_door import offers, routes
from tests.access.world import World, make_world
from tests.contents import contents
from tests.factories.people import make_token

SignIn = Callable[[User], TestClient]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NO_IDS = frozenset({"token", "section", "act", "form", "table", "number", "slug", "export_id"})
"""Parts of addresses that are no ids of rows; slugs are names that everybody knows."""
REFUSED = frozenset({401, 403, 404})
UNBOUND = frozenset({"opportunities:fit", "opportunities:check_fit"})
"""Pages about somebody and something that need not have anything to do with each other."""


def test_all_that_is_no_route_of_ours_is_known(app: FastAPI) -> None:
    found = {
        (context.path, type(context.original_route).__name__)
        for context in iter_route_contexts(app.routes)
        if getattr(context, "dependant", None) is None
    }

    assert found == {("/static", "Mount"), ("/static/font", "Mount")}


def test_no_other_method_opens_anything(app: FastAPI, client: TestClient, session: Session) -> None:
    world, twins = make_world(), {name: offer.twin for name, offer in offers(app).items()}
    declared, examples = defaultdict[str, set[str]](set), dict[str, str]()
    for name, route in routes(app).items():
        method, _, path = route.partition(" ")
        declared[path].add(method)
        examples[path] = _fill(path, _ids(twins.get(name, name), world))
    patterns = [re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$") for path in declared]
    before = contents(session)

    odd = {
        (method, path, status)
        for path, example in examples.items()
        for method in METHODS
        if method not in _answered(example, declared, patterns)
        and (status := client.request(method, example).status_code) != 405
    }

    assert odd == set()
    assert contents(session) == before


def _answered(
    example: str, declared: dict[str, set[str]], patterns: list[re.Pattern[str]]
) -> set[str]:
    """Return the methods of all routes that an address fits; some fit two."""
    fitting = zip(declared.values(), patterns, strict=True)
    return set().union(*(methods for methods, pattern in fitting if pattern.match(example)))


def test_ids_that_do_not_belong_together_open_nothing(
    app: FastAPI, client: TestClient, session: Session, sign_in: SignIn
) -> None:
    ours, theirs = make_world(), make_world()
    twins = {name: offer.twin for name, offer in offers(app).items()}
    browsers = {who: sign_in(user) for who, user in ours.people.items() if user}
    headers = {
        who: {"Authorization": f"Bearer {make_token(user)[0]}"}
        for who, user in ours.people.items()
        if user
    }
    opened, tried = set(), 0

    for name, route in routes(app).items():
        method, _, path = route.partition(" ")
        page = twins.get(name, name)
        if page in UNBOUND:
            continue
        for which, where in _mixed(path, _ids(page, ours), _ids(page, theirs)):
            for who in (DOORS[page] | {"region"}) & browsers.keys():
                tried += 1
                if name in twins:
                    answer = client.request(method, where, headers=headers[who])
                else:
                    answer = browsers[who].request(method, where)
                if answer.status_code not in REFUSED:
                    opened.add((name, which, who, answer.status_code))

    assert opened == set()
    assert tried > 100


def _ids(page: str, world: World) -> dict[str, str]:
    constants = {"token": "forged", "section": "need", "act": "extend"}
    return {**constants, **FORMS.get(page, {}), **ids_for(page, world)}


def _fill(path: str, ids: dict[str, str]) -> str:
    return path.format(**ids)


def _mixed(path: str, ours: dict[str, str], theirs: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Return addresses with one id of the other world, where there is a second of ours."""
    named = [name for name in re.findall(r"\{(\w+)\}", path) if name not in NO_IDS - {"slug"}]
    if len(named) < 2:
        return
    for name in named:
        yield name, _fill(path, {**ours, name: theirs[name]})
