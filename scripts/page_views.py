"""Who of the demo sees which page where."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import APIRequestContext, Playwright
from sqlalchemy.orm import Session

from scripts.demo_people import DEMO_PASSWORD, DEMO_PEOPLE
from scripts.page_addresses import (
    OF_FILES,
    SECRET,
    Place,
    addresses,
    contacts,
    organisations_of,
)

VISITOR = "visitor"
PEOPLE = (*(person.email for person in DEMO_PEOPLE), VISITOR)
OK, SEE_OTHER = 200, 303


@dataclass(frozen=True)
class Shot:
    """A page as one person sees it."""

    place: Place
    person: str
    address: str


@dataclass
class Found:
    """What there is to take, and why the rest cannot be taken."""

    shots: list[Shot] = field(default_factory=list)
    missed: dict[str, str] = field(default_factory=dict)


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve the application on a free port; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


class Visitors(dict[str, APIRequestContext]):
    """Programs that browse for people; each signs in when somebody first asks for it."""

    def __init__(self, playwright: Playwright, base: str) -> None:
        super().__init__()
        self._playwright, self.base = playwright, base

    def __missing__(self, person: str) -> APIRequestContext:
        origin = {"Origin": self.base}
        asking = self._playwright.request.new_context(base_url=self.base, extra_http_headers=origin)
        if person != VISITOR:
            typed: dict[str, Any] = {"email": person, "password": DEMO_PASSWORD}
            if asking.post("/sign-in", form=typed, max_redirects=0).status != SEE_OTHER:
                raise SystemExit(f"{person} could not sign in: is the demo in this folder?")
        self[person] = asking
        return asking


def tried_by(session: Session, place: Place, people: Sequence[str]) -> dict[str, list[str]]:
    """Return what each person tries: first those named, then contacts of organisations that own
    such rows.
    """
    found = {who: list(addresses(session, place, organisations_of(session, who))) for who in people}
    if place.parts and VISITOR in people:
        for who in contacts(session):
            own = organisations_of(session, who)
            found[who] = list(addresses(session, place, own, only_own=True))
    return found


def find(
    rows: Mapping[Place, Mapping[str, Sequence[str]]],
    visitors: Visitors,
    *,
    all_of_them: bool,
) -> Found:
    """Return who sees each page where: the first who does, or everybody.

    :param rows: addresses to try, by page and person
    """
    found = Found()
    for place, tried in rows.items():
        shots, why = views(place, tried, visitors, all_of_them=all_of_them)
        found.shots += shots
        if not shots:
            found.missed[place.name] = why
    return found


def views(
    place: Place,
    tried: Mapping[str, Sequence[str]],
    visitors: Visitors,
    *,
    all_of_them: bool,
) -> tuple[list[Shot], str]:
    """Return who sees a page where; if nobody does, say why."""
    if SECRET in place.parts:
        return [], "its address goes out by e-mail only"
    if OF_FILES.intersection(place.parts):
        return [], "a file"
    seen: list[Shot] = []
    for person, own in tried.items():
        where, kind = first_seen(visitors[person], own) if own else ("", "")
        if where and kind != "text/html":
            return [], f"a file, {kind}"
        if where:
            seen.append(Shot(place, person, where))
        if seen and not all_of_them:
            break
    return seen, "nobody here sees one: no rows, or none in the right state"


def first_seen(asking: APIRequestContext, tried: Sequence[str]) -> tuple[str, str]:
    """Return the first address that opens, and what kind of thing is there; else nothing."""
    for address in tried:
        answer = asking.get(address, max_redirects=0)
        if answer.status == OK:
            return address, answer.headers["content-type"].partition(";")[0]
    return "", ""
