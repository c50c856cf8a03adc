"""What every page costs: processor time, statements, bytes and requests, beside a bare page.

A real server on a real socket over a made region (see ``big_region``); every page is asked for by
somebody of each role who sees it. Ends with an error when a bar is missed.
"""

import argparse
import re
import tempfile
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path
from secrets import token_urlsafe

import httpx
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from sqlalchemy.orm import Session, sessionmaker

from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.migrations import migrate
from app.core.settings import Settings
from app.main import create_app
from app.monitoring import actions as monitoring
from scripts.big_region import cookie_of, fill
from scripts.big_region_rows import ONE_OF_EACH, Size
from scripts.measured_server import MeasuredServer, Told, serving_both
from scripts.page_addresses import OF_FILES, SECRET, Place, addresses, organisations_of, places
from scripts.page_costs import Cost, View, table, told_of

VISITOR = "visitor"
MOST_TRIED = 6
"""So many rows are tried for each page and role."""
LOADED = re.compile(
    r"<(?:link[^>]+rel=\"(?:stylesheet|icon|preload)\"[^>]*|script|img)[^>]*?"
    r"(?:href|src)=\"(/[^\"]+)\""
)
OK, FAULT = 200, 500


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and return 0 if no bar is missed."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(options, Path(folder))
        size = Size(options.organisations, options.challenges, options.matches)
        prepare(settings, size)
        log = Path(folder) / "requests.log"
        with serving_both(settings, log) as (ours, bare):
            views = find_views(settings, ours, options.only)
            costs = measure_all(ours, bare, views, options.times)
    missed = [(cost, why) for cost in costs if (why := cost.misses(by_clock=not options.busy))]
    lines = [*table(costs, size, options), *told_of(missed, len(costs))]
    print("\n".join(lines))
    if options.to:
        options.to.write_text("\n".join(lines) + "\n")
    return int(bool(missed))


def _parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m scripts.benchmark_pages", description=__doc__)
    options.add_argument("--data", type=Path, help="folder with a region that is kept (else none)")
    options.add_argument("--organisations", type=int, default=10_000)
    options.add_argument("--challenges", type=int, default=1_000)
    options.add_argument("--matches", type=int, default=50_000)
    options.add_argument("--times", type=int, default=15, help="how often each view is asked for")
    options.add_argument(
        "--busy",
        action="store_true",
        help="others work on the machine: judge the server's time by the processor",
    )
    options.add_argument("--only", default="*", help="names of routes, such as 'challenges:*'")
    options.add_argument("--to", type=Path, help="a file for the table, such as docs/page-cost.md")
    return options


def _settings(options: argparse.Namespace, folder: Path) -> Settings:
    return Settings(data_dir=options.data or folder, secret_key=token_urlsafe(32))


def prepare(settings: Settings, size: Size) -> None:
    """Make the region, unless the folder has one."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.sqlalchemy_url)
    migrate(engine)
    with session_maker(engine)() as session:
        is_there = bool(organisations_of(session, ONE_OF_EACH[2].email))
    if not is_there:
        fill(engine, size, now=system_clock())
    with session_maker(engine)() as session, session.begin():
        monitoring.keep(session, monitoring.count(session, now=system_clock()))
    engine.dispose()  # no connection is inherited by a process of ours


def find_views(settings: Settings, server: MeasuredServer, only: str) -> list[View]:
    """Return every page with each role that sees it."""
    sessions = session_maker(open_engine(settings.sqlalchemy_url))
    wanted = [
        place
        for place in places(create_app(settings, sessions))
        if fnmatch(place.name, only)
        and SECRET not in place.parts
        and not OF_FILES.intersection(place.parts)
    ]
    with sessions() as session:
        tried = {role: _tried(session, wanted, role) for role in _tokens()}
    found: list[View] = []
    for role, token in _tokens().items():
        with server.client(token) as client:
            for place, there in tried[role].items():
                found += [View(place, role, each) for each in _first_seen(client, there)]
    return found


def _tokens() -> Mapping[str, str]:
    return {person.role.value: cookie_of(person) for person in ONE_OF_EACH} | {VISITOR: ""}


def _tried(session: Session, wanted: Sequence[Place], role: str) -> dict[Place, list[str]]:
    emails = {person.role.value: person.email for person in ONE_OF_EACH}
    own = organisations_of(session, emails.get(role, ""))
    return {place: list(islice(addresses(session, place, own), MOST_TRIED)) for place in wanted}


def _first_seen(client: httpx.Client, tried: Sequence[str]) -> list[str]:
    for address in tried:
        answer = client.get(address)
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        if is_page and answer.status_code >= FAULT:
            raise SystemExit(f"{address} answers {answer.status_code}")
        if answer.status_code == OK:
            return [address] if is_page else []
    return []


def lists_in(app: FastAPI) -> frozenset[str]:
    """Return the names of pages that show a list page by page."""
    return frozenset(
        str(context.name)
        for context in iter_route_contexts(app.routes)
        if (dependant := getattr(context, "dependant", None)) is not None
        and _takes_page_number(dependant)
    )


def _takes_page_number(dependant: Dependant) -> bool:
    own = any(param.alias == "page" for param in dependant.query_params)
    return own or any(map(_takes_page_number, dependant.dependencies))


def measure_all(
    server: MeasuredServer, bare: MeasuredServer, views: Sequence[View], times: int
) -> list[Cost]:
    """Return what each view costs, and the bare page that is asked for after each of its turns.

    Machines are twice as fast in one minute as in the next: only what is measured beside each
    other can be held against each other. What all pages load is fetched once.
    """
    tokens, weights = _tokens(), dict[str, float]()
    settings = Settings(secret_key=token_urlsafe(32))
    lists = lists_in(create_app(settings, sessionmaker()))  # asked for its routes only
    found = []
    for view in views:
        with server.client(tokens[view.role]) as client, bare.client("nobody") as nobody:
            turns = [
                (server.ask(client, view.address), bare.ask(nobody, "/bare").cpu_ms)
                for _ in range(times + 1)
            ][1:]
            found.append(_cost(client, view, turns, weights, is_list=view.place.name in lists))
    return found


def _cost(
    client: httpx.Client,
    view: View,
    turns: Sequence[tuple[Told, float]],
    weights: dict[str, float],
    *,
    is_list: bool,
) -> Cost:
    told, bare = zip(*turns, strict=True)
    loaded = sorted(set(LOADED.findall(told[-1].body)))
    for path in loaded:
        if path not in weights:
            with client.stream("GET", path) as answer:
                answer.read()
            weights[path] = answer.num_bytes_downloaded
    return Cost(
        view,
        is_list,
        [each.cpu_ms for each in told],
        bare,
        [each.server_ms for each in told],
        max(each.statements for each in told),
        (told[-1].wire_bytes + sum(weights[path] for path in loaded)) / 1000,
        1 + len(loaded),
    )


if __name__ == "__main__":
    raise SystemExit(main())
