"""Take a picture of every page: each route, as somebody of the demo sees it, at several widths,
in both schemes and all languages. Needs a prepared folder (scripts/run --prepare) and Chromium.
"""

import argparse
import shutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from itertools import product
from pathlib import Path
from typing import Any

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import APIRequestContext, Browser, Page, Playwright, sync_playwright
from sqlalchemy.orm import Session

from app.core.database import open_engine, session_maker
from app.core.i18n import LOCALES
from app.core.settings import Settings
from app.main import create_app
from scripts.demo_people import DEMO_PASSWORD, DEMO_PEOPLE
from scripts.page_addresses import (
    OF_FILES,
    SECRET,
    Place,
    addresses,
    contacts,
    organisations_of,
    places,
)

VISITOR = "visitor"
PEOPLE = (*(person.email for person in DEMO_PEOPLE), VISITOR)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--force-color-profile=srgb"]  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OK, SEE_OTHER = 200, 303
HEIGHT = 900


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


def main() -> None:
    """Find the pages, take them, and say what was not found or looks wrong."""
    options = parser().parse_args()
    settings = Settings(**({"data_dir": options.data} if options.data else {}))
    sessions = session_maker(open_engine(settings.sqlalchemy_url))
    app = create_app(settings, sessions)
    wanted = [place for place in places(app) if fnmatch(place.name, options.only)]
    with sessions() as session:
        rows = {place: tried_by(session, place, options.people) for place in wanted}
    with serving(app) as base, sync_playwright() as playwright:
        visitors = Visitors(playwright, base)
        found = find(rows, visitors, all_of_them=options.every_role)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        complaints = take(browser, base, found.shots, visitors, options)
        browser.close()
    say(found, complaints, options.folder)
    raise SystemExit(bool(complaints))


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    options = argparse.ArgumentParser(
        prog="python -m scripts.take_screenshots", description=__doc__
    )
    options.add_argument("--data", type=Path, help="folder that holds all state (else var)")
    options.add_argument("--folder", type=Path, default=Path("var/screenshots/pages"))
    options.add_argument("--widths", type=numbers, default=[1280, 390, 320])
    options.add_argument("--schemes", type=words, default=["light", "dark"])
    options.add_argument("--languages", type=words, default=list(LOCALES))
    options.add_argument("--people", type=words, default=list(PEOPLE), help="addresses, or visitor")
    options.add_argument("--only", default="*", help="names of routes, such as 'challenges:*'")
    options.add_argument("--every-role", action="store_true", help="each page by all who see it")
    options.add_argument("--check", action="store_true", help="have axe look at each page, too")
    return options


def words(text: str) -> list[str]:
    """Return the words between commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def numbers(text: str) -> list[int]:
    """Return the numbers between commas."""
    return [int(word) for word in words(text)]


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
        self._playwright, self._base = playwright, base

    def __missing__(self, person: str) -> APIRequestContext:
        origin = {"Origin": self._base}
        asking = self._playwright.request.new_context(
            base_url=self._base, extra_http_headers=origin
        )
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


def take(
    browser: Browser,
    base: str,
    shots: Sequence[Shot],
    visitors: Mapping[str, APIRequestContext],
    options: argparse.Namespace,
) -> list[str]:
    """Write all pictures; return what looks wrong."""
    complaints: list[str] = []
    looks = product(options.widths, options.schemes, options.languages)
    for width, scheme, language in looks:
        for person, asking in visitors.items():
            context = browser.new_context(
                base_url=base,
                viewport={"width": width, "height": HEIGHT},
                color_scheme=scheme,
                reduced_motion="reduce",
                storage_state=asking.storage_state(),
            )
            page = context.new_page()
            for shot in shots:
                if shot.person == person:
                    name = f"{width}-{scheme}-{language}"
                    path = options.folder / shot.place.name.replace(":", "-") / name
                    wrong = keep(page, shot, path, language, check=options.check)
                    complaints += [f"{shot.address} ({person}, {name}): {each}" for each in wrong]
            context.close()
    return complaints


def keep(page: Page, shot: Shot, path: Path, language: str, *, check: bool) -> list[str]:
    """Write one picture; return what looks wrong on the page."""
    mark = "&" if "?" in shot.address else "?"
    page.goto(f"{shot.address}{mark}lang={language}")
    page.evaluate("document.fonts.ready")
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=f"{path}-{shot.person.partition('@')[0]}.png", full_page=True)
    wrong = []
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append("scrolls sideways")
    if check:
        report = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
        wrong += [f"{each['id']}: {each['help']}" for each in report.response["violations"]]
    return wrong


def say(found: Found, complaints: Sequence[str], folder: Path) -> None:
    """Tell what was taken, what was not and why, and what looks wrong."""
    pages = {shot.place.name for shot in found.shots}
    print(f"{len(pages)} pages, {len(found.shots)} views; pictures are in {folder}.")
    for name, why in found.missed.items():
        print(f"not taken: {name}: {why}")
    for each in complaints:
        print(f"wrong: {each}")


if __name__ == "__main__":
    main()
