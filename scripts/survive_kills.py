"""Kill a serving installation again and again in the midst of its work, and count what is lost.

Each life of the process is a real server on a real socket with its workers; it ends by SIGKILL at
a random moment while requests are answered, mails sent and the index saved. Acknowledged is what
got its answer. Without --real-model a model is taken that needs no weights: same words, same
meaning. The real one is loaded anew in every life; lives are longer then, and people slower.
With --database-url the records lie in an empty PostgreSQL database, which is filled.
"""

import argparse
import os
import random
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory
from threading import Event, Thread
from urllib.parse import urlencode

from sqlalchemy.orm import Session, sessionmaker

from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.jobs import JobRunner
from app.core.migrations import migrate, present_revision
from app.core.settings import Settings
from app.main import create_app
from app.matches.engine_room import EngineRoom
from app.worker import Workers, all_handlers
from matching import Encoder, HashingEncoder
from matching.bundled_model import default_encoder
from scripts.kill_records import (
    ORGANISATIONS,
    Findings,
    Given,
    examine,
    fill,
    marks_of_a_kill,
)
from scripts.serve import run

BETWEEN_LIVES = timedelta(minutes=3)
"""By the clock that is passed in: leases of the dead have run out when the next one starts."""
SHORTEST = 0.02
"""Seconds between the first answer of a life and its end, at least."""
CLIENTS = 3


@dataclass(frozen=True)
class Pace:
    """With which model, and how fast: seconds that a life lasts at most and that people pause."""

    make_encoder: Callable[[], Encoder]
    longest: float
    pause: float


WITHOUT_MODEL = Pace(HashingEncoder, 2.0, 0.0)
WITH_MODEL = Pace(partial(default_encoder, Path("var/model")), 90.0, 3.0)


@dataclass(frozen=True)
class Ledger:
    """A mail server outside: what it took is taken, whatever becomes of us."""

    path: Path

    def deliver(self, message: EmailMessage) -> None:
        """Take a message."""
        with self.path.open("ab") as file:
            file.write(f"{message['Message-ID']}\n".encode())

    def taken(self) -> Counter[str]:
        """Return how often each message was taken."""
        return Counter(self.path.read_text().split()) if self.path.exists() else Counter()


@dataclass
class Life:
    """One installation that is killed; ``shift`` moves its clock on from life to life."""

    settings: Settings
    token: str
    pace: Pace
    shift: timedelta = timedelta()
    acknowledged: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Addresses for which a link for a new password was asked for, and that acknowledged."""

    def now(self) -> datetime:
        """Return the moment in this life."""
        return system_clock() + self.shift

    @property
    def ledger(self) -> Ledger:
        """The mail server."""
        return Ledger(self.settings.data_dir / "taken.txt")

    def open(self) -> sessionmaker[Session]:
        """Return sessions on the database, of a new engine."""
        return session_maker(open_engine(self.settings.sqlalchemy_url))

    def engine_room(self) -> EngineRoom:
        """Return the index as it lies on the disk."""
        return EngineRoom(self.pace.make_encoder, self.settings.data_dir / "index")

    def serve(self, port: int) -> None:
        """Serve until killed."""
        sessions, room = self.open(), self.engine_room()
        handlers = all_handlers(self.settings, self.ledger, room, self.now)
        workers = Workers(sessions, handlers, self.now, when_idle=room.save)
        app = create_app(self.settings, sessions, clock=self.now, workers=workers)
        run(app, host="127.0.0.1", port=port)


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill so many times; return 0 if nothing acknowledged was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7, help="of the moments (%(default)s)")
    parser.add_argument("--real-model", action="store_true", help="index with the bundled model")
    parser.add_argument("--database-url", help="an empty database (else SQLite in a new folder)")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=Path(folder),
            secret_key=token_urlsafe(32),
            database_url=options.database_url,
        )
        pace = WITH_MODEL if options.real_model else WITHOUT_MODEL
        findings = survive(settings, options.kills, seed=options.seed, pace=pace)
    print("\n".join(findings.lines()))
    return 0 if findings.is_well else 1


def survive(settings: Settings, kills: int, *, seed: int, pace: Pace) -> Findings:
    """Kill an installation in a new folder so many times, and return what was found.

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
    life = Life(settings, token, pace)
    moments, marks = random.Random(seed), Counter[str]()  # noqa: S311 -- moments, not secrets
    for number in range(kills):
        live_and_die(life, number, seconds=moments.uniform(SHORTEST, pace.longest))
        marks += marks_of_a_kill(settings)
        life.shift += BETWEEN_LIVES
        if number % 20 == 19:
            print(f"{number + 1} kills, {len(life.acknowledged)} changes acknowledged", flush=True)
    recover(life)
    given = Given(life.acknowledged, len(life.asked), life.ledger.taken())
    return examine(life.open(), life.engine_room, given, marks)


def live_and_die(life: Life, number: int, *, seconds: float) -> None:
    """Start the process, let people work with it, and kill it in the midst."""
    port = free_port()
    child = os.fork()
    if child == 0:
        try:
            life.serve(port)
        finally:
            os._exit(1)
    await_answer(port)
    is_over, has_begun = Event(), Event()
    clients = [
        Thread(target=work, args=(life, port, f"{number}-{client}", (has_begun, is_over)))
        for client in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    has_begun.wait(timeout=60)
    if number % 2:  # every other life ends in quiet, when the index is saved
        time.sleep(seconds / 3)
        is_over.set()
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    is_over.set()
    for client in clients:
        client.join()


def work(life: Life, port: int, name: str, course: tuple[Event, Event]) -> None:
    """Write passages and ask for links until nobody answers; note what was acknowledged.

    :param course: set at the first acknowledgement, and when it is over
    """
    has_begun, is_over = course
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
            if post(port, path, passage, life.token) == 303:
                life.acknowledged.append(title)
                has_begun.set()
            if count % 2 == 0:
                email = f"person{random.randrange(ORGANISATIONS)}@example.org"  # noqa: S311 -- a choice, not a secret
                if post(port, "/password/forgotten", {"email": email}) == 200:
                    life.asked.append(email)
        except (OSError, HTTPException):
            return
        is_over.wait(timeout=life.pace.pause)


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


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def await_answer(port: int) -> None:
    """Wait until the process listens.

    :raises TimeoutError: if it does not within a minute
    """
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise TimeoutError("The process does not start.")


def recover(life: Life) -> None:
    """Start once more, undisturbed: everything that waits is done by itself."""
    sessions, room = life.open(), life.engine_room()
    handlers = all_handlers(life.settings, life.ledger, room, life.now)
    runner = JobRunner(sessions, handlers, life.now)
    runner.drain()
    life.shift += timedelta(hours=1)  # jobs that failed meanwhile are due again
    runner.drain()
    room.save()


if __name__ == "__main__":
    raise SystemExit(main())
