"""Kill a serving installation again and again in the midst of its work, and count what is lost.

Each life is a real server on a real socket, its processes started as the product starts them: one
that answers, one that works beside (or several that answer, and further ones that only work).
SIGKILL hits one of them, or all at once, at a random moment while requests are answered, mails sent
and the index saved. Who is left goes on and replaces the dead; if the one from which all come was
hit, everything begins anew. Acknowledged is what got its answer. Without --real-model a model is
taken that needs no weights: same words, same meaning. The real one is loaded anew in every life;
lives are longer then, and people slower. With --database-url the records lie in an empty PostgreSQL
database, which is filled; --postgresql starts one for the run.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory
from threading import Event, Thread
from urllib.parse import urlencode

from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.migrations import migrate, present_revision
from app.core.settings import Settings
from matching import Encoder, HashingEncoder
from matching.bundled_model import default_encoder
from scripts.kill_records import (
    ORGANISATIONS,
    Findings,
    Given,
    Traces,
    are_all_done,
    examine,
    fill,
    half_saved,
)
from scripts.killed_installation import Installation
from scripts.killed_server import ALL, WORKS, Left, Processes, await_end, kinds_of_kills, start
from scripts.passing_postgresql import postgresql

BETWEEN_LIVES = timedelta(minutes=3)
"""By the clock that is passed in: leases of the dead have run out when the next one starts."""
UNTIL_FAILED_JOBS_ARE_DUE = timedelta(hours=1)
MOST_RECOVERING_SECONDS = 300
SAVING, SENDING = "saving the index", "sending a mail"
AIMS = {1: SAVING, 2: SENDING}
"""What every fourth kill is aimed at; the others come at any moment."""
LOOKS = 5
"""So often, a second apart, there must be nothing to do at the end."""
SHORTEST = 0.02
"""Seconds between the first answer of a life and its end, at least."""
CLIENTS = 3


@dataclass(frozen=True)
class Pace:
    """With which model, and how fast: seconds that a life lasts at most and that people pause."""

    make_encoder: Callable[[], Encoder]
    longest: float
    pause: float


WITHOUT_MODEL = Pace(HashingEncoder, 2.0, 0.02)
WITH_MODEL = Pace(partial(default_encoder, Path("var/model")), 90.0, 3.0)


@dataclass(frozen=True)
class Plan:
    """How often whom to kill, and when."""

    kills: int
    seed: int
    pace: Pace
    further: int = 0
    """So many processes that only work, beside."""


@dataclass
class Course:
    """What people were told, and what the kills left behind."""

    token: str
    """Of somebody who is signed in."""
    pause: float
    """Seconds between two things that somebody does."""
    acknowledged: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Addresses for which a link for a new password was asked for, and that acknowledged."""
    killed: Counter[str] = field(default_factory=Counter)
    left: list[Left] = field(default_factory=list)
    """Processes whose parent was killed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill so many times; return 0 if nothing acknowledged was lost."""
    options = _parser().parse_args(arguments)
    with ExitStack() as passing:
        folder = Path(passing.enter_context(TemporaryDirectory()))
        url = passing.enter_context(postgresql()) if options.postgresql else options.database_url
        settings = Settings(data_dir=folder, secret_key=token_urlsafe(32), database_url=url)
        pace = WITH_MODEL if options.real_model else WITHOUT_MODEL
        plan = Plan(options.kills, options.seed, pace, options.further_workers)
        installation = Installation(settings, pace.make_encoder, options.web_processes)
        findings = survive(installation, plan)
    print("\n".join(findings.lines()))
    return 0 if findings.is_well else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.survive_kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7, help="of the moments (%(default)s)")
    parser.add_argument("--real-model", action="store_true", help="index with the bundled model")
    parser.add_argument("--database-url", help="an empty database (else SQLite in a new folder)")
    parser.add_argument("--postgresql", action="store_true", help="start one for this run")
    parser.add_argument("--web-processes", type=int, default=1, help="that answer (%(default)s)")
    parser.add_argument("--further-workers", type=int, default=0, help="that only work")
    return parser


def survive(installation: Installation, plan: Plan) -> Findings:
    """Kill an installation in a new folder so many times, and return what was found.

    :raises SystemExit: if there is something in the database already
    """
    course = Course(prepare(installation.settings), plan.pace.pause)
    chance, traces = random.Random(plan.seed), Traces()  # noqa: S311 -- moments, not secrets
    kinds = kinds_of_kills(installation.web_processes, plan.further)
    processes: Processes | None = None
    for number in range(plan.kills):
        processes = processes or start(installation)
        processes.add_further(plan.further)
        processes.await_work()
        kind, seconds = chance.choice(kinds), chance.uniform(SHORTEST, plan.pace.longest)
        with people(processes.port, str(number), course) as is_over:
            victims = processes.victims(kind, chance)
            if number % 2:  # every other time they are quiet in the end, when the index is saved
                is_over.wait(timeout=seconds / 3)
                is_over.set()
            await_moment(installation, seconds, AIMS.get(number % 4))
            course.left += processes.kill(victims)
        course.killed[kind] += 1
        if kind == ALL or (kind == WORKS and not plan.further):  # else somebody works on
            traces.look(installation.settings)
        if processes.pid in victims:
            processes.kill(processes.further)
            processes = None
            installation = replace(installation, shift=installation.shift + BETWEEN_LIVES)
        if number % 20 == 19:
            told = f"{number + 1} kills, {len(course.acknowledged)} changes acknowledged"
            print(told, flush=True)
    if processes is not None:
        processes.kill([processes.pid, *processes.further])
    return look_back(installation, course, traces)


def await_moment(installation: Installation, seconds: float, aim: str | None) -> None:
    """Wait for so long or, if something is aimed at, until that is just being done."""
    folder, until = installation.engine_room().folder, time.monotonic() + seconds
    ledger, half = installation.ledger, half_saved(folder)  # by the dead
    taken = ledger.taken()
    reached: dict[str | None, Callable[[], bool]] = {
        None: lambda: False,
        SAVING: lambda: bool(half_saved(folder) - half),
        SENDING: lambda: ledger.taken() != taken,  # by the server, and not yet noted by us
    }
    while time.monotonic() < until and not reached[aim]():
        time.sleep(0.001)


def look_back(installation: Installation, course: Course, traces: Traces) -> Findings:
    """Start once more, and compare what is there then with what people were told."""
    is_in_order = recover(installation)
    given = Given(course.acknowledged, len(course.asked), installation.ledger.taken())
    found = examine(installation.open(), installation.engine_room, given, traces.marks)
    return replace(
        found, killed=course.killed, orphans=await_end(course.left), ends_in_order=is_in_order
    )


def prepare(settings: Settings) -> str:
    """Fill an empty database; return the token of somebody who is signed in.

    :raises SystemExit: if there is something in the database already
    """
    database = open_engine(settings.sqlalchemy_url)
    with database.connect() as connection:
        if present_revision(connection) is not None:
            raise SystemExit("--database-url: give an empty database, it will be filled.")
    migrate(database)
    with session_maker(database)() as session, session.begin():
        token = fill(session, now=system_clock())
    database.dispose()  # no connection is inherited by a process of ours
    return token


@contextmanager
def people(port: int, name: str, course: Course) -> Iterator[Event]:
    """Let people work from the first acknowledgement to the end of the block, or until it is over.

    :returns: what says that it is over
    """
    has_begun, is_over = Event(), Event()
    clients = [
        Thread(target=work, args=(port, f"{name}-{client}", course, (has_begun, is_over)))
        for client in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    has_begun.wait(timeout=60)
    try:
        yield is_over
    finally:
        is_over.set()
        for client in clients:
            client.join()


def work(port: int, name: str, course: Course, moments: tuple[Event, Event]) -> None:
    """Write passages and ask for links until it is over; note what was acknowledged.

    :param moments: set at the first acknowledgement, and when it is over
    """
    has_begun, is_over = moments
    count = 0
    while not is_over.is_set():
        title = f"Passage {name}-{count}"
        count += 1
        slug = f"organisation-{count % ORGANISATIONS}"
        passage = {
            "kind": "capability", "title": title, "lang": "en", "source": "Measurement",
            "text": f"{title}: we build and mend what {name} needs in a harbour, day and night.",
        }  # fmt: skip
        try:
            path = f"/organisations/{slug}/profile/passages/new"
            if post(port, path, passage, course.token) == 303:
                course.acknowledged.append(title)
                has_begun.set()
            if count % 2 == 0:
                email = f"person{random.randrange(ORGANISATIONS)}@example.org"  # noqa: S311 -- a choice, not a secret
                if post(port, "/password/forgotten", {"email": email}) == 200:
                    course.asked.append(email)
        except (OSError, HTTPException):  # whoever answered is gone; others may be there
            is_over.wait(timeout=course.pause)
        is_over.wait(timeout=course.pause)


def post(port: int, path: str, form: dict[str, str], token: str = "") -> int:
    """Send a form as a browser does; return the status of the answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin",
        "Cookie": f"quaylink={token}",
    }  # fmt: skip
    try:
        connection.request("POST", path, urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def recover(installation: Installation) -> bool:
    """Serve once more, undisturbed, until all is done; return whether that ends in order."""
    later = replace(installation, shift=installation.shift + UNTIL_FAILED_JOBS_ARE_DUE)
    processes = start(later)
    processes.await_work()
    until = time.monotonic() + MOST_RECOVERING_SECONDS
    quiet = 0
    while quiet < LOOKS and time.monotonic() < until:
        # Once idle, it looks at the index and may find more to do.
        quiet = quiet + 1 if are_all_done(installation.settings) else 0
        time.sleep(1.0)
    return processes.stop()


if __name__ == "__main__":
    raise SystemExit(main())
