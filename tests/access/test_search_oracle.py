"""No search tells by its answer what it would not show: hidden words find as much as nonsense."""

import html
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from app.accounts.models import User
from tests.access.doors import EVERYBODY, address
from tests.access.test_every_door import offers, routes
from tests.access.test_hostile_world import dependants
from tests.access.world import HIDDEN_WORDS, World, make_world
from tests.factories.people import make_token

SignIn = Callable[[User], TestClient]
Ask = Callable[[str, str], str]
"""Ask a page, by its name, for some words; what it answers but for the words themselves."""
NONSENSE = "xylophagous"
PUBLIC_WORDS = ("Harbour", "ferries", "Maritime", "Plug")
"""Somewhere in what everybody may know."""
SEARCHES = {
    "challenges:list", "challenges:api_list", "feeds:challenges", "organisations:directory",
    "organisations:api_list", "sites:list", "sites:api_list", "shortlists:search",
    "referrals:ask_whom",
    "partners:show", "shortlists:api_search", "organisations:members",
}  # fmt: skip


def without(text: str, words: str) -> str:
    """Return an answer without the words that were asked for, which stand in field and links."""
    for echo in (words, html.escape(words), quote(words), quote_plus(words)):
        text = text.replace(echo, "")
    return text


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def everybody(app: FastAPI, client: TestClient, sign_in: SignIn, world: World) -> dict[str, Ask]:
    """Let each kind of people ask, in the browser or by a program."""
    known, offered = routes(app), offers(app)

    def asking(user: User | None) -> Ask:
        browser = client if user is None else sign_in(user)
        token = {"Authorization": f"Bearer {make_token(user)[0]}"} if user else {}

        def ask(name: str, words: str) -> str:
            path, offer = known[name].removeprefix("GET "), offered.get(name)
            where = address(path, offer.twin if offer else name, world)
            answerer, headers = (client, token) if offer else (browser, {})
            return without(answerer.get(where, params={"q": words}, headers=headers).text, words)

        return ask

    return {who: asking(world.people[who]) for who in sorted(EVERYBODY)}


def test_every_search_is_listed(app: FastAPI) -> None:
    declared = {
        str(context.name)
        for context in iter_route_contexts(app.routes)
        for part in dependants(getattr(context, "dependant", None))
        if any(each.alias == "q" for each in part.query_params)
    }

    assert declared - SEARCHES == set()


@pytest.mark.parametrize("name", sorted(SEARCHES))
def test_hidden_words_find_as_much_as_nonsense(name: str, everybody: dict[str, Ask]) -> None:
    nothing = {who: ask(name, NONSENSE) for who, ask in everybody.items()}
    assert any(
        ask(name, words) != nothing[who] for who, ask in everybody.items() for words in PUBLIC_WORDS
    )

    told = {
        (who, hidden)
        for who, ask in everybody.items()
        for hidden, readers in HIDDEN_WORDS.items()
        if who not in readers and ask(name, hidden.rstrip(".").rpartition(" ")[2]) != nothing[who]
    }

    assert told == set()
