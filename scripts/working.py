"""The parts of an installation that work, wired; for whoever works, and for preparing."""

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.core import logs
from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.job_overview import failed_jobs
from app.core.job_runner import JobRunner, Observe
from app.core.mail_transports import transport_for
from app.core.metrics import Metrics
from app.core.settings import Settings
from app.matches.engine_room import EngineRoom, compiled_folder, engine_room_for
from app.matches.jobs import IndexWatch
from app.worker import Workers, all_handlers
from matching.compiling import compile_apart


@dataclass(frozen=True)
class Installation:
    """One data folder and what runs on it."""

    settings: Settings
    database: Engine
    session_factory: sessionmaker[Session]
    runner: JobRunner
    workers: Workers
    engine_room: EngineRoom
    metrics: Metrics
    is_new_demo: bool = False
    """Whether it was filled with the demo just now, so that everything is still to be matched."""


def assemble(
    settings: Settings,
    database: Engine,
    session_factory: sessionmaker[Session],
    clock: Callable[[], datetime],
    *,
    observe: Observe | None = None,
    is_new_demo: bool = False,
) -> Installation:
    """Wire the workers' parts together; nothing is loaded yet.

    :param observe: told of each attempt at a job; without one, the installation's own metrics
    :param is_new_demo: as the installation remembers it
    """
    engine_room = engine_room_for(settings, database)
    handlers = all_handlers(settings, transport_for(settings), engine_room)
    metrics = Metrics()
    runner = JobRunner(session_factory, handlers, clock)
    workers = Workers(
        session_factory,
        handlers,
        clock,
        when_idle=IndexWatch(engine_room, session_factory, clock),
        at_first=partial(compile_apart, compiled_folder(settings)),
        observe=observe or metrics.saw_job,
    )
    return Installation(
        settings, database, session_factory, runner, workers, engine_room, metrics, is_new_demo
    )


def workers_for(settings: Settings, observe: Observe) -> Workers:
    """Return the workers of an installation, made in a process of their own."""
    configure_logs(settings)
    database = open_engine(settings.sqlalchemy_url)
    sessions = session_maker(database)
    return assemble(settings, database, sessions, system_clock, observe=observe).workers


def work_off(installation: Installation) -> None:
    """Bring the index up to date and do what waits; say each step."""
    say("Index and waiting jobs: with the demo, the first time takes a minute or two …")
    installation.runner.drain()
    installation.engine_room.save()
    say_what_failed(installation.session_factory)
    say("Matching: compiling its loops, unless that was done before …")
    compile_apart(compiled_folder(installation.settings))


def say_what_failed(session_factory: sessionmaker[Session]) -> None:
    """Name the jobs that will be tried again; the administrators' page has the details."""
    with session_factory() as session:
        for job in failed_jobs(session):
            say(f"Did not work yet, will be tried again: {job.kind}: {job.last_error}")


def configure_logs(settings: Settings) -> None:
    """Log from this process as the settings say."""
    logs.configure(sys.stderr, level=logging.getLevelNamesMapping()[settings.log_level.upper()])


def say(text: str) -> None:
    """Tell whoever started us how far we are."""
    print(text, flush=True)
