"""A route that forgot to ask who is calling must not reach production."""

from collections import Counter
from inspect import isasyncgenfunction, iscoroutinefunction, signature

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from app.accounts.access import get_viewer
from app.route_registry import API_ROUTERS, ROUTERS

MACHINES_ASK = {"/healthz", "/readyz", "/metrics", "/sign-in/ended/{provider_key}"}
"""Monitoring and providers of sign-ins have no account; the last two know their own door."""


def test_every_route_asks_who_is_calling(app: FastAPI) -> None:
    guarded = {
        (method, context.path): get_viewer in _calls(context.dependant)
        for context in iter_route_contexts(app.routes)
        if getattr(context, "dependant", None) is not None
        for method in context.methods or ()
    }

    assert {path for _, path in guarded} == set(app.openapi()["paths"]), "the walk missed routes"
    assert {path for (_, path), is_guarded in guarded.items() if not is_guarded} == MACHINES_ASK


def test_what_looks_nothing_up_takes_no_thread(app: FastAPI) -> None:
    # The others are rate limits, counted in the database, and links, whose keys are worked out.
    in_threads = {
        call
        for context in iter_route_contexts(app.routes)
        if getattr(context, "dependant", None) is not None
        for call in _calls(context.dependant) - {context.dependant.call}
        if callable(call) and not iscoroutinefunction(call) and not isasyncgenfunction(call)
    }

    assert get_viewer in in_threads, "the walk missed what looks something up"
    assert [
        call for call in in_threads if not {"session", "request"} & set(signature(call).parameters)
    ] == []


def _calls(dependant: Dependant) -> set[object]:
    return {dependant.call}.union(*(_calls(child) for child in dependant.dependencies))


@pytest.mark.parametrize(
    "router",
    [*ROUTERS, *API_ROUTERS],
    ids=[*(f"{r.tags[0]} pages" for r in ROUTERS), *(f"{r.tags[0]} api" for r in API_ROUTERS)],
)
def test_route_names_carry_their_feature(router: APIRouter) -> None:
    names = [str(context.name) for context in iter_route_contexts(router.routes)]
    feature = str(router.tags[0])

    assert [name for name in names if not name.startswith(f"{feature}:")] == []
    assert [name for name, times in Counter(names).items() if times > 1] == []
