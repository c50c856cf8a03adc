"""Let people read and write for many minutes, and see whether the server grows or stumbles.

One process answers and one works, as the product starts them, on the demo in a folder that goes
afterwards. Returns 1 if an answer was a fault of ours, a job failed, or memory or open files of
either grew after the warm-up.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Event, Thread

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import SignInSession, User
from app.accounts.policy import hash_token
from app.challenges.models import PUBLIC_STATES, Challenge
from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.migrations import migrate
from app.core.settings import Settings
from app.organisations.models import Organisation
from scripts.measured_load import ANSWERS, WORKS, family, jobs_done, serve_load
from scripts.measured_server import MeasuredServer, serving
from scripts.seed_demo import seed

MOST_GROWTH = 5.0
"""Percent of memory from the second fifth of the time to the last one."""
MOST_MORE_FILES = 5
EVERY = 5.0
"""Seconds from one look at the process to the next."""
PAUSES = (0.2, 1.0)
"""Seconds for which somebody thinks, at least and at most."""
WORDS = ("shore power", "Wärme", "eau", "sensor", "xyzzy", "%", "drone inspection")


@dataclass
class Held:
    """What a process held, look by look."""

    memory: list[float] = field(default_factory=list)
    """Megabytes."""
    files: list[int] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """By how many percent memory grew after the warm-up."""
        early, late = _ends(self.memory)
        return 100 * (late - early) / early

    @property
    def more_files(self) -> float:
        """How many more files are open at the end."""
        early, late = _ends(self.files)
        return late - early

    @property
    def grew(self) -> bool:
        """Whether it holds more in the end than it may."""
        return self.growth > MOST_GROWTH or self.more_files > MOST_MORE_FILES

    def look(self, pid: int) -> None:
        """Note what the process holds now."""
        self.memory.append(_memory(pid))
        self.files.append(len(list(Path(f"/proc/{pid}/fd").iterdir())))

    def told(self) -> str:
        """Return it in words."""
        early, late = _ends(self.memory)
        grew = f"{early:.0f} MB after the warm-up, {late:.0f} MB at the end, {self.growth:+.1f} %"
        return f"{grew}; open files {self.more_files:+.0f}"


@dataclass
class Course:
    """What was answered, how fast, and what the processes held meanwhile."""

    answers: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    held: dict[str, Held] = field(default_factory=lambda: {ANSWERS: Held(), WORKS: Held()})
    jobs: int = 0
    failed_jobs: int = 0
    pids: set[int] = field(default_factory=set)
    """Of those that worked: one, unless it died."""

    @property
    def faults(self) -> int:
        """How many answers were faults of ours; 599 stands for none at all."""
        return sum(count for status, count in self.answers.items() if status >= 500)

    @property
    def is_well(self) -> bool:
        """Whether nothing failed, nothing grew and nobody died."""
        grew = any(each.grew for each in self.held.values())
        return not (self.faults or self.failed_jobs or grew) and len(self.pids) == 1

    def lines(self, minutes: float) -> list[str]:
        """Return all of it in words."""
        told = ", ".join(f"{count} × {status}" for status, count in sorted(self.answers.items()))
        return [
            f"{minutes:.0f} minutes, {sum(self.answers.values())} answers: {told}",
            f"faults of ours: {self.faults}",
            f"95 of 100 answered within {1000 * quantiles(self.seconds, n=20)[-1]:.0f} ms",
            f"jobs {self.jobs}, failed {self.failed_jobs}, by {len(self.pids)} process",
            *(f"who {who}: {held.told()}" for who, held in self.held.items()),
        ]


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """Return what is usual in the second and in the last fifth."""
    fifth = max(1, len(values) // 5)
    return median(values[fifth : 2 * fifth] or values), median(values[-fifth:])


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak for so many minutes; return 0 if nothing failed and nothing grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--people", type=int, default=6, help="at once (%(default)s)")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), secret_key="k" * 40)
        tokens, paths = prepare(settings, options.people)
        log = Path(folder) / "log.jsonl"
        serve = partial(serve_load, settings, log, 1)
        with serving(serve, log=log, answers_at="/healthz") as server:
            course = soak(server, tokens, paths, seconds=60 * options.minutes)
        for count, _seconds, failures in jobs_done(log).values():
            course.jobs, course.failed_jobs = course.jobs + count, course.failed_jobs + failures
    print("\n".join(course.lines(options.minutes)))
    return 0 if course.is_well else 1


def prepare(settings: Settings, people: int) -> tuple[list[str], list[str]]:
    """Fill the folder with the demo; return tokens of people who are signed in, and addresses."""
    engine = open_engine(settings.sqlalchemy_url)
    migrate(engine)
    now = system_clock()
    with session_maker(engine)() as session, session.begin():
        seed(session, now=now)
        users = session.scalars(select(User).order_by(User.id).limit(people)).all()
        tokens = [f"soaking {user.id}" for user in users]
        session.add_all(
            SignInSession(
                user_id=user.id, token_hash=hash_token(token), created_at=now, last_seen_at=now,
                expires_at=now.replace(year=now.year + 1),
            )
            for user, token in zip(users, tokens, strict=True)
        )  # fmt: skip
        paths = _addresses(session)
    engine.dispose()
    return tokens, paths


def _addresses(session: Session) -> list[str]:
    public = select(Challenge.id).where(Challenge.state.in_(PUBLIC_STATES))
    slugs = session.scalars(select(Organisation.slug).limit(100))
    return [
        "/", "/challenges", "/organisations", "/sites", "/pilots", "/work", "/messages", "/account",
        "/challenges?q=nothing", "/feeds/challenges.atom", "/data", "/api/v1/challenges",
        *(f"/challenges/{number}{page}" for number in session.scalars(public)
          for page in ("", "/questions", "/shortlist", "/responses", "/trail")),
        *(f"/organisations/{slug}{page}" for slug in slugs for page in ("", "/profile")),
    ]  # fmt: skip


def soak(
    server: MeasuredServer, tokens: Sequence[str], paths: Sequence[str], *, seconds: float
) -> Course:
    """Let people read and write until the time is over."""
    course, is_over = Course(), Event()
    _await_work(server.pid)
    people = [
        Thread(target=_act, args=(server.client(token), paths, course, is_over)) for token in tokens
    ]
    for person in people:
        person.start()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(min(EVERY, seconds / 20))
        course.held[ANSWERS].look(server.pid)
        for pid in family(server.pid).keys() - {server.pid}:
            course.held[WORKS].look(pid)
            course.pids.add(pid)
    is_over.set()
    for person in people:
        person.join()
    return course


def _await_work(pid: int) -> None:
    """Wait until the process that works is there."""
    while len(family(pid)) < 2:
        time.sleep(0.1)


def _act(client: httpx.Client, paths: Sequence[str], course: Course, is_over: Event) -> None:
    """Read pages, search, and write now and then, with pauses."""
    chance = random.Random(str(client.cookies))  # noqa: S311 -- chance, not secrets
    with client:
        while not is_over.wait(timeout=chance.uniform(*PAUSES)):
            begun = time.perf_counter()
            try:
                status = _do_something(client, paths, chance).status_code
            except httpx.TransportError:
                status = 599
            course.seconds.append(time.perf_counter() - begun)
            course.answers[status] += 1


def _do_something(
    client: httpx.Client, paths: Sequence[str], chance: random.Random
) -> httpx.Response:
    from_our_pages = {"Sec-Fetch-Site": "same-origin"}
    what = chance.random()
    path = chance.choice(paths)
    if what < 0.7:
        return client.get(path)
    if what < 0.8:
        return client.get("/challenges", params={"q": chance.choice(WORDS)})
    if what < 0.9:
        form = {"email": f"nobody{chance.randrange(1000)}@example.org"}
        return client.post("/password/forgotten", data=form, headers=from_our_pages)
    if what < 0.95:
        challenge = next((each for each in [path] if each.startswith("/challenges/")), "")
        where = "/".join(challenge.split("/")[:3]) or "/challenges/1"
        return client.post(f"{where}/follow", headers=from_our_pages)
    question = {"text": "Is there room for a second cable?", "lang": "en"}
    return client.post("/challenges/1/questions", data=question, headers=from_our_pages)


def _memory(pid: int) -> float:
    """Return the megabytes that a process holds in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    resident = next(line for line in lines if line.startswith("VmRSS"))
    return int(resident.split()[1]) / 1024


if __name__ == "__main__":
    raise SystemExit(main())
