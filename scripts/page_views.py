"""Who of the demo sees which page where."""

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import APIRequestContext, Playwright
from sqlalchemy.orm import Session

from scripts.demo_people import DEMO_PASSWORD, DEMO_PEOPLE
from scripts.page_addresses import (
    ELSEWHERE,
    OF_FILES,
    SECRET,
    Place,
    addresses,
    contacts,
    organisations_of,
)

VISITOR = "visitor"
_FIRST = "manager@demo.example"
"""Sees lists with all that can be done there."""
PEOPLE = (_FIRST, *(each.email for each in DEMO_PEOPLE if each.email != _FIRST), VISITOR)
OK, SEE_OTHER, TOO_MANY_REQUESTS = 200, 303, 429
PAUSE = 10
"""Seconds until somebody tries again to sign in: from one address, only so many may in a minute."""
HTML = "text/html"
ENOUGH = 8
"""So many addresses of a page are compared to find the one that shows most."""


@dataclass(frozen=True)
class Shot:
    """A page as one person sees it."""

    page: str
    """The name of its route."""
    person: str
    address: str


@dataclass
class Found:
    """What there is to take, and why the rest cannot be taken."""

    shots: list[Shot] = field(default_factory=list)
    missed: dict[str, str] = field(default_factory=dict)

    @property
    def pages(self) -> set[str]:
        """Return the names of all routes that this speaks of."""
        return {shot.page for shot in self.shots} | set(self.missed)


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
            while (
                status := asking.post("/sign-in", form=typed, max_redirects=0).status
            ) == TOO_MANY_REQUESTS:
                time.sleep(PAUSE)  # so many may sign in from one address
            if status != SEE_OTHER:
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
    if ELSEWHERE in place.parts:
        return [], "it leads to an organisation's own sign-in"
    if OF_FILES.intersection(place.parts):
        return [], "a file"
    seen: list[Shot] = []
    for person, own in tried.items():
        where, kind = fullest(visitors[person], own) if own else ("", "")
        if where and kind != HTML:
            return [], f"a file, {kind}"
        if where:
            seen.append(Shot(place.name, person, where))
        if seen and not all_of_them:
            break
    return seen, "nobody here sees one: no rows, or none in the right state"


def fullest(asking: APIRequestContext, tried: Sequence[str]) -> tuple[str, str]:
    """Return which of the addresses that open shows most, and what kind of thing is there.

    A page that says that there is nothing yet shows little of what it can.
    """
    lengths: dict[str, int] = {}
    for address in tried:
        answer = asking.get(address, max_redirects=0)
        if answer.status != OK:
            continue
        kind = answer.headers["content-type"].partition(";")[0]
        if kind != HTML:
            return address, kind
        lengths[address] = len(answer.body())
        if len(lengths) == ENOUGH:
            break
    return (max(lengths, key=lambda address: lengths[address]), HTML) if lengths else ("", "")


def remembered(path: Path) -> Found:
    """Return what was found before; nothing if nobody looked yet."""
    if not path.exists():
        return Found()
    known = json.loads(path.read_text(encoding="utf-8"))
    return Found([Shot(**each) for each in known["shots"]], known["missed"])


def remember(path: Path, found: Found) -> None:
    """Keep what was found, for a run that goes on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    known = {"shots": [asdict(shot) for shot in found.shots], "missed": found.missed}
    path.write_text(json.dumps(known, indent=1), encoding="utf-8")
