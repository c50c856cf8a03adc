"""An installation under load: processes as ``scripts/run`` starts them, and what each computes.

Only texts are compared without the model, and e-mails go nowhere.
"""

import logging
import os
import time
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import FastAPI

from app.core import logs
from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.job_runner import Observe
from app.core.metrics import SHARED_FOLDER
from app.core.settings import Settings
from app.core.warm_up import warm_up
from app.main import create_app
from app.matches.engine_room import EngineRoom
from app.matches.jobs import IndexWatch
from app.worker import Workers, all_handlers
from matching import HashingEncoder
from scripts.serve import run
from scripts.web_processes import serve_by_many
from scripts.worker_process import WorkerProcess

WORKS, ANSWERS = "works", "answers"
_OF_A_PROCESS = 2
"""In the kernel's numbers of clocks: the time that all threads of a process have run."""


class Nowhere:
    """A mail server that takes everything."""

    def deliver(self, _message: Any) -> None:
        """Take a message."""


def make_app(settings: Settings, log: Path) -> FastAPI:
    """Return what one of several processes answers with."""
    logs.configure(log.open("a", buffering=1), level=logging.INFO)
    app = create_app(settings, session_maker(open_engine(settings.sqlalchemy_url)))
    warm_up(app)
    return app


def make_workers(settings: Settings, log: Path, observe: Observe) -> Workers:
    """Return what works, in a process of its own."""
    logs.configure(log.open("a", buffering=1), level=logging.INFO)
    sessions = session_maker(open_engine(settings.sqlalchemy_url))
    room = EngineRoom(HashingEncoder, settings.data_dir / "index")
    return Workers(
        sessions,
        all_handlers(settings, Nowhere(), room),
        system_clock,
        when_idle=IndexWatch(room, sessions, system_clock),
        observe=observe,
    )


def serve_load(settings: Settings, log: Path, processes: int, port: int) -> None:
    """Answer by so many processes, beside one that works.

    :param log: where all of them write; what each job took goes beside it
    """
    logs.configure(log.open("a", buffering=1), level=logging.INFO)
    workers = WorkerProcess(
        partial(make_workers, settings, log),
        observe=partial(_note_job, log.with_suffix(".jobs")),
        niceness=settings.worker_niceness,
    )
    if processes == 1:
        sessions = session_maker(open_engine(settings.sqlalchemy_url))
        run(create_app(settings, sessions, workers=workers), host="127.0.0.1", port=port)
        return
    make = partial(make_app, settings, log)
    with TemporaryDirectory() as counts:
        os.environ[SHARED_FOLDER] = counts  # noqa: TID251 -- a library's variable, for its children
        serve_by_many(make, workers, host="127.0.0.1", port=port, processes=processes)


def _note_job(file: Path, kind: str, seconds: float, failed: bool) -> None:  # noqa: FBT001 -- a callback
    with file.open("a") as lines:
        lines.write(f"{kind} {seconds:.3f} {int(failed)}\n")


def jobs_done(log: Path) -> Mapping[str, tuple[int, float, int]]:
    """Return for each kind of jobs how many were tried, for how many seconds, how many failed."""
    file = log.with_suffix(".jobs")
    found: dict[str, tuple[int, float, int]] = defaultdict(lambda: (0, 0.0, 0))
    for line in file.read_text().splitlines() if file.exists() else ():
        kind, seconds, failed = line.split()
        count, total, failures = found[kind]
        found[kind] = count + 1, total + float(seconds), failures + int(failed)
    return found


def computed(pid: int) -> dict[str, float]:
    """Return for how many seconds a process and its children have computed, by what they do."""
    found = {ANSWERS: 0.0, WORKS: 0.0}
    for each, command in family(pid).items():
        role = WORKS if "scripts.worker_process" in command else ANSWERS
        found[role] += time.clock_gettime((~each << 3) | _OF_A_PROCESS)
    return found


def family(pid: int) -> dict[int, str]:
    """Return a process and its children, with their command lines."""
    found = {pid: ""}
    for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda each: int(each.name)):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                found[int(folder.name)] = (folder / "cmdline").read_text()
        except OSError:  # it ended while we looked
            continue
    return found
