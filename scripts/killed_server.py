"""The processes of an installation that is killed: started as the product starts them.

One that answers starts one that works (``WorkerProcess``); with several that answer another one
watches over all of them (``serve_by_many``); further ones may only work (``work_only``).
"""

import os
import random
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from app.core.metrics import SHARED_FOLDER
from app.core.warm_up import warm_up
from app.main import create_app
from scripts.killed_installation import Installation, make_workers
from scripts.measured_load import family
from scripts.serve import run, told_to_stop
from scripts.web_processes import serve_by_many, work_only
from scripts.worker_process import WorkerProcess

ANSWERS = "who answers"
WORKS = "who works"
WATCHES = "who watches over the others"
FURTHER = "who only works"
ALL = "all at once"
MOST_STARTING_SECONDS = 180
MOST_ENDING_SECONDS = 60
"""So long those may go on whose parent was killed: answers and the job in hand are finished."""
_ENDED = "Z"
"""State of a process that only waits until somebody asks how it ended."""


def kinds_of_kills(web_processes: int, further: int) -> tuple[str, ...]:
    """Return whom a kill may hit, where so many answer and so many further ones work."""
    watched = (WATCHES,) if web_processes > 1 else ()
    return (ANSWERS, WORKS, ALL, *watched, *((FURTHER,) if further else ()))


@dataclass
class Processes:
    """The processes of one life.

    :param further: ids of those that only work
    """

    installation: Installation
    port: int
    pid: int
    further: list[int] = field(default_factory=list)

    def await_work(self) -> None:
        """Wait until it answers, and the process that works beside has said that it begins.

        :raises TimeoutError: if it does not
        """
        _await(partial(_listens, self.port), "Nobody answers.")
        _await(self._works, "The process that works was not started, or not anew.")

    def _works(self) -> bool:
        said = self.installation.said
        begun = set(said.read_text().split()) if said.exists() else set()
        return any(str(pid) in begun for pid in self._family()[WORKS])

    def _family(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {ANSWERS: [], WORKS: []}
        for pid, command in family(self.pid).items():
            if "scripts.worker_process" in command:
                found[WORKS].append(pid)
            elif "spawn_main" in command:
                found[ANSWERS].append(pid)
        return found

    def victims(self, kind: str, chance: random.Random) -> list[int]:
        """Return whom a kill of this kind hits, in any order."""
        beside = self._family()
        everybody = [self.pid, *beside[ANSWERS], *beside[WORKS], *self.further]
        hit = {
            ANSWERS: [chance.choice(beside[ANSWERS] or [self.pid])],
            WORKS: beside[WORKS],
            WATCHES: [self.pid],
            FURTHER: self.further and [chance.choice(self.further)],
            ALL: everybody,
        }[kind]
        return chance.sample(hit, len(hit))

    def kill(self, victims: list[int]) -> list["Left"]:
        """Kill these; return who is left without a parent, if it was the parent of the others."""
        beside = self._family()
        left = [Left.of(pid) for pid in (*beside[ANSWERS], *beside[WORKS]) if pid not in victims]
        for pid in victims:
            with suppress(ProcessLookupError):  # it ended by itself, since its parent had
                os.kill(pid, signal.SIGKILL)
        for pid in (self.pid, *self.further):
            if pid in victims:
                os.waitpid(pid, 0)
        self.further = [pid for pid in self.further if pid not in victims]
        return left if self.pid in victims else []

    def add_further(self, count: int) -> None:
        """Start so many that only work, as many as are missing."""
        while len(self.further) < count:
            self.further.append(_fork(partial(_only_work, self.installation)))

    def stop(self) -> bool:
        """Tell all to end; return whether they did so in order."""
        everybody = (self.pid, *self.further)
        for pid in everybody:
            os.kill(pid, signal.SIGTERM)
        # The web server ends by the signal itself once everything is done.
        return all(os.waitpid(pid, 0)[1] in {0, signal.SIGTERM} for pid in everybody)


@dataclass(frozen=True)
class Left:
    """A process whose parent was killed; its beginning tells it from a later one with its id."""

    pid: int
    begun: str
    since: float

    @classmethod
    def of(cls, pid: int) -> "Left":
        """Note a process that is left now."""
        return cls(pid, _state(pid)[1], time.monotonic())

    @property
    def is_there(self) -> bool:
        """Whether it goes on."""
        state, begun = _state(self.pid)
        return begun == self.begun != "" and state != _ENDED


def await_end(left: list[Left]) -> int:
    """Return how many go on for longer than they may."""
    return sum(
        not _comes_true(partial(_is_gone, each), until=each.since + MOST_ENDING_SECONDS)
        for each in left
    )


def start(installation: Installation) -> Processes:
    """Start the process from which all others come, at a port that nobody listens on."""
    port = free_port()
    return Processes(installation, port, _fork(partial(_serve, installation, port)))


def _fork(serve: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            serve()
            status = 0
        finally:
            os._exit(status)
    return child


def _serve(installation: Installation, port: int) -> None:
    """Serve until killed or told to stop."""
    installation.log()
    workers = WorkerProcess(
        partial(make_workers, installation), observe=lambda *_of_a_job: None, niceness=0
    )
    if installation.web_processes == 1:
        app = create_app(
            installation.settings, installation.open(), clock=installation.now, workers=workers
        )
        run(app, host="127.0.0.1", port=port)
        return
    counts = installation.settings.data_dir / "counts"
    counts.mkdir(exist_ok=True)
    os.environ[SHARED_FOLDER] = str(counts)  # noqa: TID251 -- a library's variable, for its children
    make, processes = partial(_make_app, installation), installation.web_processes
    serve_by_many(make, workers, host="127.0.0.1", port=port, processes=processes)


def _make_app(installation: Installation) -> FastAPI:
    installation.log()
    app = create_app(installation.settings, installation.open(), clock=installation.now)
    warm_up(app)
    return app


def _only_work(installation: Installation) -> None:
    """Do what ``--web-processes 0`` does."""
    work_only(make_workers(installation, lambda *_of_a_job: None), told_to_stop())


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _is_gone(left: Left) -> bool:
    return not left.is_there


def _state(pid: int) -> tuple[str, str]:
    """Return the state of a process and when it began, by the kernel; empty if it is gone."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "", ""
    return told[0], told[19]


def _comes_true(happens: Callable[[], bool], *, until: float) -> bool:
    """Look again and again; return whether it happened in time."""
    return any(happens() for _ in _looks(until))


def _looks(until: float) -> Iterator[None]:
    yield
    while time.monotonic() < until:
        time.sleep(0.02)
        yield


def _await(happens: Callable[[], bool], otherwise: str) -> None:
    if not _comes_true(happens, until=time.monotonic() + MOST_STARTING_SECONDS):
        raise TimeoutError(otherwise)
