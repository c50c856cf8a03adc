"""A hundred signed-in people browse and curate at once: how long they wait, and what goes wrong.

A real server on a real socket over a made region (see ``big_region``), started as ``scripts/run``
starts it, with a process that works beside one or several that answer; only texts are compared
without the model. People look at a page, think, and go on or submit a form they found there. Then
as many requests as the server takes, beside a bare page. Ends with an error when something went
wrong or the bar is missed. With ``--postgresql`` a server is started for the run, and thrown away.
"""

import argparse
import asyncio
import os
import random
import ssl
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from secrets import token_urlsafe

import httpx

from app.accounts.access import cookie_name
from app.core.settings import Settings
from scripts.benchmark_pages import prepare
from scripts.big_region import cookie_of
from scripts.big_region_rows import PEOPLE, Person, Size
from scripts.load_habits import Habits, Step, habits_of, next_step
from scripts.measured_load import ANSWERS, WORKS, computed, jobs_done, serve_load
from scripts.measured_server import MeasuredServer, percentile, serve_bare, serving
from scripts.passing_postgresql import postgresql

MOST_P95_MS = 200
CONFLICT, FIRST_ERROR = 409, 400
ASKS = "asks"
MOST_JOBS = 6
_PLAIN = ssl.create_default_context()
"""Made once: a hundred browsers that each read the authorities' certificates would measure that."""
SATURATING = 12
"""So many ask without a pause where the servers are driven to their limit."""


@dataclass
class Noted:
    """What people met with."""

    is_counting: bool = True
    """Whether the first seconds are over, in which everybody's first pages are made ready."""
    milliseconds: list[float] = field(default_factory=list)
    writes: int = 0
    conflicts: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    def note(self, step: Step, status: int, seconds: float) -> None:
        """Note one answer; a conflict is told to people as it should be."""
        if status >= FIRST_ERROR and status != CONFLICT:
            self.errors[f"{status} {step.method} {step.kind}"] += 1
        if not self.is_counting:
            return
        self.milliseconds.append(1000 * seconds)
        self.writes += step.form is not None
        self.conflicts += status == CONFLICT

    def p(self, percent: float) -> float:
        """Return the milliseconds that so many percent of the answers took at most."""
        return percentile(self.milliseconds or [0.0], percent)


@dataclass(frozen=True)
class Limit:
    """What is possible when nobody pauses."""

    per_second: float
    cpu_ms: float
    """Of whoever answers, for each answer."""


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    noted: Noted
    computed: Mapping[str, float]
    """Seconds of processor time by whoever answers, works and asks."""
    jobs: Mapping[str, tuple[int, float, int]]
    ours: Limit
    bare: Limit

    @property
    def is_well(self) -> bool:
        """Whether nothing went wrong and the bar holds."""
        failed = sum(failures for _, _, failures in self.jobs.values())
        return not (self.noted.errors or failed) and self.noted.p(95) <= MOST_P95_MS


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and return 0 if all is well."""
    options = _parser().parse_args(arguments)
    with ExitStack() as passing:
        folder = Path(passing.enter_context(tempfile.TemporaryDirectory()))
        url = options.database_url
        if options.postgresql:
            url = passing.enter_context(postgresql())
        settings = Settings(
            data_dir=options.data or folder, database_url=url, secret_key=token_urlsafe(32)
        )
        prepare(settings, Size(options.organisations, options.challenges, options.matches))
        figures = measure(settings, habits_of(settings), options, folder)
    print("\n".join(table(figures, settings, options)))
    return int(not figures.is_well)


def _parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m scripts.benchmark_load", description=__doc__)
    options.add_argument("--data", type=Path, help="folder with a region that is kept (else none)")
    options.add_argument("--database-url", help="else SQLite in the folder")
    options.add_argument("--postgresql", action="store_true", help="start one for this run")
    options.add_argument("--processes", type=int, default=1, help="web processes (%(default)s)")
    options.add_argument("--organisations", type=int, default=10_000)
    options.add_argument("--challenges", type=int, default=1_000)
    options.add_argument("--matches", type=int, default=50_000)
    options.add_argument("--people", type=int, default=len(PEOPLE))
    options.add_argument("--seconds", type=float, default=120.0, help="how long people browse")
    options.add_argument("--warm-up", type=float, default=15.0, help="seconds that do not count")
    options.add_argument("--think", type=float, default=5.0, help="mean seconds between two steps")
    options.add_argument("--seed", type=int, default=7)
    return options


def measure(
    settings: Settings, habits: Habits, options: argparse.Namespace, folder: Path
) -> Figures:
    """Let people browse, then drive ours and the bare page to their limits."""
    log, limit = folder / "requests.log", options.seconds / 4
    serve = partial(serve_load, settings, log, options.processes)
    with serving(serve, log=log, answers_at="/healthz") as server:
        noted, used = asyncio.run(browse(server, habits, options))
        ours = _at_limit(server, habits, options.seed, limit)
    done = jobs_done(log)
    with serving(partial(serve_bare, settings), log=folder / "none", answers_at="/bare") as server:
        bare = _at_limit(server, None, options.seed, limit)
    return Figures(noted, used, done, ours, bare)


async def browse(
    server: MeasuredServer, habits: Habits, options: argparse.Namespace
) -> tuple[Noted, Mapping[str, float]]:
    """Let everybody browse for a while, each in a browser of their own.

    :returns: what they met with, and who computed for how long, both after the first seconds
    """
    noted = Noted(is_counting=False)
    until = time.monotonic() + options.warm_up + options.seconds
    people = (PEOPLE * (options.people // len(PEOPLE) + 1))[: options.people]
    living = asyncio.gather(
        *(
            _live(server, habits, person, noted, _Pace(options, number, until))
            for number, person in enumerate(people)
        )
    )
    await asyncio.sleep(options.warm_up)
    before, noted.is_counting = _used(server), True
    await living
    return noted, {who: seconds - before[who] for who, seconds in _used(server).items()}


def _used(server: MeasuredServer) -> dict[str, float]:
    return {**computed(server.pid), ASKS: time.process_time()}


class _Pace:
    """One person's choices and pauses."""

    def __init__(self, options: argparse.Namespace, number: int, until: float) -> None:
        self.chance = random.Random(f"{options.seed} {number}")  # noqa: S311 -- habits, not secrets
        self._think, self._until = options.think, until

    async def goes_on(self) -> bool:
        """Think; return whether there is time for another step."""
        pause = self.chance.expovariate(1 / self._think) if self._think else 0.0
        await asyncio.sleep(min(pause, max(0.0, self._until - time.monotonic())))
        return time.monotonic() < self._until


async def _live(
    server: MeasuredServer, habits: Habits, person: Person, noted: Noted, pace: _Pace
) -> None:
    page = ""
    async with _browser(server, person) as client:
        while await pace.goes_on():
            step = next_step(habits, person, page, pace.chance)
            page = await _take(client, step, noted)


def _browser(server: MeasuredServer, person: Person | None) -> httpx.AsyncClient:
    cookies = {cookie_name(Settings()): cookie_of(person)} if person else {}
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": server.base}
    return httpx.AsyncClient(
        base_url=server.base, cookies=cookies, headers=headers, timeout=30, verify=_PLAIN
    )


async def _take(client: httpx.AsyncClient, step: Step, noted: Noted) -> str:
    """Take one step; return the page that is there then."""
    begun = time.perf_counter()
    try:
        answer = await client.request(step.method, step.path, data=step.form)
    except httpx.HTTPError as error:
        noted.errors[f"{type(error).__name__} {step.kind}"] += 1
        return ""
    noted.note(step, answer.status_code, time.perf_counter() - begun)
    if answer.is_redirect:
        return await _take(client, Step(answer.headers["location"].partition("#")[0]), noted)
    return answer.text


def _at_limit(server: MeasuredServer, habits: Habits | None, seed: int, seconds: float) -> Limit:
    """Find out how much is possible when nobody pauses."""
    before, noted = computed(server.pid)[ANSWERS], Noted()
    asyncio.run(_hurry(server, habits, seed, seconds, noted))
    count = max(1, len(noted.milliseconds))
    return Limit(count / seconds, 1000 * (computed(server.pid)[ANSWERS] - before) / count)


async def _hurry(
    server: MeasuredServer, habits: Habits | None, seed: int, seconds: float, noted: Noted
) -> None:
    until = time.monotonic() + seconds

    async def one(number: int) -> None:
        chance, person = random.Random(f"{seed} {number}"), PEOPLE[number * 7 % len(PEOPLE)]  # noqa: S311 -- as above
        async with _browser(server, person) as client:
            while time.monotonic() < until:
                step = next_step(habits, person, "", chance) if habits else Step("/bare")
                await _take(client, step, noted)

    await asyncio.gather(*map(one, range(SATURATING)))


def table(figures: Figures, settings: Settings, options: argparse.Namespace) -> Iterator[str]:
    """Yield the lines of the report."""
    noted, database = figures.noted, settings.sqlalchemy_url.partition(":")[0].partition("+")[0]
    count, used = max(1, len(noted.milliseconds)), figures.computed
    yield "| what | figure |"
    yield "|---|---|"
    rows = {
        "database, processes that answer": f"{database}, {options.processes}",
        "people, seconds": f"{options.people}, {options.seconds:.0f}",
        "answers, of them to forms": f"{count:,}, {noted.writes}",
        "told of a conflict": f"{noted.conflicts}",
        "errors": f"**{noted.errors.total()}** {dict(noted.errors) or ''}".strip(),
        "milliseconds p50, p95, p99": f"{noted.p(50):.0f}, **{noted.p(95):.0f}**, "
        f"{noted.p(99):.0f}",
        "processor milliseconds an answer": f"{1000 * used[ANSWERS] / count:.1f}",
        "… beside it for work": f"{1000 * used[WORKS] / count:.1f}",
        "… and by those who ask": f"{1000 * used[ASKS] / count:.1f}",
        "answers a second without pauses": f"{figures.ours.per_second:.0f} "
        f"({figures.ours.cpu_ms:.1f} ms of processor time each)",
        "the bare page, likewise, by one process": f"{figures.bare.per_second:.0f} "
        f"({figures.bare.cpu_ms:.1f} ms each)",
        "load of the machine before": f"{os.getloadavg()[2]:.1f} on {os.cpu_count()} cores",
    }
    dearest = sorted(figures.jobs.items(), key=lambda each: -each[1][1])
    for kind, (tried, seconds, failures) in dearest[:MOST_JOBS]:
        rows[f"`{kind}` tried, seconds each"] = f"{tried}, {seconds / tried:.1f}" + (
            f"; **{failures} failed**" if failures else ""
        )
    yield from (f"| {what} | {figure} |" for what, figure in rows.items())


if __name__ == "__main__":
    raise SystemExit(main())
