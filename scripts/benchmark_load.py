"""A hundred signed-in people browse and curate at once: how long they wait, and what goes wrong.

Real servers on real sockets over a made region (see ``big_region``), started as ``scripts/run``
starts them, workers and all; only texts are compared without the model. People look at a page,
think, and go on or submit a form they found there. Then as many requests as the servers take,
beside a bare page. Ends with an error when something went wrong or the bar is missed.
"""

import argparse
import asyncio
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
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
from scripts.measured_server import (
    MeasuredServer,
    percentile,
    serve_bare,
    serve_ours,
    serving,
)

MOST_P95_MS = 200
CONFLICT, FIRST_ERROR = 409, 400
SATURATING = 12
"""So many ask without a pause where the servers are driven to their limit."""


@dataclass
class Noted:
    """What people met with."""

    milliseconds: list[float] = field(default_factory=list)
    writes: int = 0
    conflicts: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    def note(self, step: Step, status: int, seconds: float) -> None:
        """Note one answer; a conflict is told to people as it should be."""
        self.milliseconds.append(1000 * seconds)
        self.writes += step.form is not None
        self.conflicts += status == CONFLICT
        if status >= FIRST_ERROR and status != CONFLICT:
            self.errors[f"{status} {step.method} {step.kind}"] += 1

    def p(self, percent: float) -> float:
        """Return the milliseconds that so many percent of the answers took at most."""
        return percentile(self.milliseconds or [0.0], percent)


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    people: int
    seconds: float
    processes: int
    noted: Noted
    cpu_ms: float
    """Of all server processes, for each answer."""
    ours_per_second: float
    ours_cpu_ms: float
    bare_per_second: float
    bare_cpu_ms: float

    @property
    def is_well(self) -> bool:
        """Whether nothing went wrong and the bar holds."""
        return not self.noted.errors and self.noted.p(95) <= MOST_P95_MS


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and return 0 if all is well."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=options.data or Path(folder),
            database_url=options.database_url,
            secret_key=token_urlsafe(32),
        )
        prepare(settings, Size(options.organisations, options.challenges, options.matches))
        habits = habits_of(settings)
        figures = measure(settings, habits, options, Path(folder))
    print("\n".join(table(figures, settings)))
    return int(not figures.is_well)


def _parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m scripts.benchmark_load", description=__doc__)
    options.add_argument("--data", type=Path, help="folder with a region that is kept (else none)")
    options.add_argument("--database-url", help="else SQLite in the folder")
    options.add_argument("--processes", type=int, default=1, help="web processes (%(default)s)")
    options.add_argument("--organisations", type=int, default=10_000)
    options.add_argument("--challenges", type=int, default=1_000)
    options.add_argument("--matches", type=int, default=50_000)
    options.add_argument("--people", type=int, default=len(PEOPLE))
    options.add_argument("--seconds", type=float, default=120.0, help="how long people browse")
    options.add_argument("--think", type=float, default=5.0, help="mean seconds between two steps")
    options.add_argument("--seed", type=int, default=7)
    return options


def measure(
    settings: Settings, habits: Habits, options: argparse.Namespace, folder: Path
) -> Figures:
    """Let people browse, then drive ours and the bare page to their limits."""
    with _serving_ours(settings, folder, options.processes) as ours:
        before = _cpu(ours)
        noted = asyncio.run(browse(ours, habits, options))
        cpu = _cpu(ours) - before
        limit = options.seconds / 4
        at_limit, ours_cpu = _at_limit(ours, habits, options.seed, limit)
    with _serving_bare(settings, folder, options.processes) as bare:
        bare_at_limit, bare_cpu = _at_limit(bare, None, options.seed, limit)
    return Figures(
        people=options.people,
        seconds=options.seconds,
        processes=options.processes,
        noted=noted,
        cpu_ms=1000 * cpu / max(1, len(noted.milliseconds)),
        ours_per_second=at_limit,
        ours_cpu_ms=ours_cpu,
        bare_per_second=bare_at_limit,
        bare_cpu_ms=bare_cpu,
    )


@contextmanager
def _serving_ours(
    settings: Settings, folder: Path, processes: int
) -> Iterator[list[MeasuredServer]]:
    with ExitStack() as stack:
        servers = []
        for number in range(processes):
            log = folder / f"requests-{number}.log"
            serve = partial(_at_port, settings, log)
            servers.append(stack.enter_context(serving(serve, log=log, answers_at="/healthz")))
        yield servers


def _at_port(settings: Settings, log: Path, port: int) -> None:
    serve_ours(settings, log, with_workers=True, port=port)


@contextmanager
def _serving_bare(
    settings: Settings, folder: Path, processes: int
) -> Iterator[list[MeasuredServer]]:
    with ExitStack() as stack:
        serve = partial(serve_bare, settings)
        yield [
            stack.enter_context(serving(serve, log=folder / "none", answers_at="/bare"))
            for _ in range(processes)
        ]


def _cpu(servers: Sequence[MeasuredServer]) -> float:
    return sum(server.cpu_seconds() for server in servers)


async def browse(
    servers: Sequence[MeasuredServer], habits: Habits, options: argparse.Namespace
) -> Noted:
    """Let everybody browse for a while, each in a browser of their own."""
    noted = Noted()
    until = time.monotonic() + options.seconds
    people = (PEOPLE * (options.people // len(PEOPLE) + 1))[: options.people]
    await asyncio.gather(
        *(
            _live(
                servers[number % len(servers)], habits, person, noted, _Pace(options, number, until)
            )
            for number, person in enumerate(people)
        )
    )
    return noted


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
    return httpx.AsyncClient(base_url=server.base, cookies=cookies, headers=headers, timeout=30)


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


def _at_limit(
    servers: Sequence[MeasuredServer], habits: Habits | None, seed: int, seconds: float
) -> tuple[float, float]:
    """Return answers a second, and processor milliseconds an answer, when nobody pauses."""
    before, noted = _cpu(servers), Noted()
    asyncio.run(_hurry(servers, habits, seed, seconds, noted))
    count = max(1, len(noted.milliseconds))
    return count / seconds, 1000 * (_cpu(servers) - before) / count


async def _hurry(
    servers: Sequence[MeasuredServer],
    habits: Habits | None,
    seed: int,
    seconds: float,
    noted: Noted,
) -> None:
    until = time.monotonic() + seconds

    async def one(number: int) -> None:
        chance, person = random.Random(f"{seed} {number}"), PEOPLE[number * 7 % len(PEOPLE)]  # noqa: S311 -- as above
        async with _browser(servers[number % len(servers)], person) as client:
            while time.monotonic() < until:
                step = next_step(habits, person, "", chance) if habits else Step("/bare")
                await _take(client, step, noted)

    await asyncio.gather(*map(one, range(SATURATING)))


def table(figures: Figures, settings: Settings) -> Iterator[str]:
    """Yield the lines of the report."""
    noted, database = figures.noted, settings.sqlalchemy_url.partition(":")[0].partition("+")[0]
    yield "| what | figure |"
    yield "|---|---|"
    rows = {
        "database, web processes": f"{database}, {figures.processes}",
        "people, seconds": f"{figures.people}, {figures.seconds:.0f}",
        "answers, of them to forms": f"{len(noted.milliseconds):,}, {noted.writes}",
        "told of a conflict": f"{noted.conflicts}",
        "errors": f"**{noted.errors.total()}** {dict(noted.errors) or ''}".strip(),
        "milliseconds p50": f"{noted.p(50):.0f}",
        "milliseconds p95": f"**{noted.p(95):.0f}**",
        "milliseconds p99": f"{noted.p(99):.0f}",
        "processor milliseconds an answer": f"{figures.cpu_ms:.1f}",
        "answers a second without pauses": f"{figures.ours_per_second:.0f} "
        f"({figures.ours_cpu_ms:.1f} ms of processor time each)",
        "the bare page, likewise": f"{figures.bare_per_second:.0f} "
        f"({figures.bare_cpu_ms:.1f} ms each)",
        "load of the machine before": f"{os.getloadavg()[2]:.1f} on {os.cpu_count()} cores",
    }
    yield from (f"| {what} | {figure} |" for what, figure in rows.items())


if __name__ == "__main__":
    raise SystemExit(main())
