"""Bring an installation up to date, then serve it; scripts/run calls this."""

import argparse
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.core import daily
from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.job_overview import failed_jobs
from app.core.jobs import JobRunner
from app.core.links import Links
from app.core.mail_transports import transport_for
from app.core.metrics import Metrics
from app.core.migrations import migrate
from app.core.settings import Settings, signing_key
from app.core.signed_tokens import SignedTokens
from app.main import create_app
from app.matches.engine_room import EngineRoom, compiled_folder, engine_room_for
from app.matches.jobs import IndexWatch
from app.monitoring import jobs as monitoring_jobs
from app.worker import DAILY, Workers, all_handlers
from matching.compiling import compile_apart
from scripts.demo_messages import add_messages
from scripts.demo_people import DEMO_PASSWORD, DEMO_PEOPLE
from scripts.run_options import parser
from scripts.seed_demo import is_empty, seed
from scripts.web_processes import (
    configure_logs,
    count_together,
    serve_by_many,
    web_app_for,
    work_only,
)

GRACE_SECONDS = 10
"""How long answers that have begun may take at the end."""


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


def main() -> None:
    """Prepare, and serve unless told otherwise."""
    options = parser().parse_args()
    settings = settings_for(options)
    configure_logs(settings)
    if options.web_processes != 1 or options.no_workers:
        refuse_on_sqlite(settings)
    if options.web_processes > 1:
        count_together()
    installation = prepare(settings, with_demo=not options.no_demo)
    if not options.no_workers:
        work_off(installation)
    if not options.prepare:
        serve(installation, options)


def settings_for(options: argparse.Namespace) -> Settings:
    """Return the environment's settings, with what the command line says above them."""
    given = {"data_dir": options.data} if options.data else {}
    settings = Settings(**given)
    if "base_url" in settings.model_fields_set:
        return settings
    everywhere = options.host in {"0.0.0.0", "::"}  # noqa: S104 -- compared with, not listened on
    host = "127.0.0.1" if everywhere else options.host
    return settings.model_copy(update={"base_url": f"http://{host}:{options.port}"})


def prepare(
    settings: Settings, *, with_demo: bool, clock: Callable[[], datetime] = system_clock
) -> Installation:
    """Bring folder, database and demo data up to date; say each step."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    say(f"State lies in {settings.data_dir.resolve()}.")
    say("Database: bringing it to the newest schema …")
    database = open_engine(settings.sqlalchemy_url)
    migrate(database)
    session_factory = session_maker(database)
    if with_demo:
        add_demo(settings, session_factory, now=clock())
    with session_factory() as session, session.begin():
        daily.start(session, DAILY, at=clock())
        monitoring_jobs.start(session, at=clock())
    return assemble(settings, database, session_factory, clock)


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


def assemble(
    settings: Settings,
    database: Engine,
    session_factory: sessionmaker[Session],
    clock: Callable[[], datetime],
) -> Installation:
    """Wire the workers' parts together; nothing is loaded yet."""
    engine_room = engine_room_for(settings, database)
    handlers = all_handlers(settings, transport_for(settings), engine_room)
    metrics = Metrics()
    runner = JobRunner(session_factory, handlers, clock)
    workers = Workers(
        session_factory,
        handlers,
        clock,
        when_idle=IndexWatch(engine_room, session_factory, clock),
        observe=metrics.saw_job,
    )
    return Installation(settings, database, session_factory, runner, workers, engine_room, metrics)


def add_demo(settings: Settings, session_factory: sessionmaker[Session], *, now: datetime) -> None:
    """Fill an empty database with the demo; its passwords are public, so never in production."""
    if settings.environment == "production":
        raise SystemExit("The demo's passwords are public: in production start with --no-demo.")
    with session_factory() as session, session.begin():
        if is_empty(session):
            say("Demo data: clusters, organisations and challenges …")
            seed(session, now=now)
            links = Links(settings.base_url, SignedTokens(signing_key(settings)))
            add_messages(session, links, now=now)


def serve(installation: Installation, options: argparse.Namespace) -> None:
    """Answer requests until Ctrl-C; the workers run beside, in as many processes as were asked."""
    settings, processes = installation.settings, options.web_processes
    workers = None if options.no_workers else installation.workers
    if processes:
        greet(settings)
    host, port = options.host, options.port
    if processes == 1:
        app = create_app(
            settings, installation.session_factory, workers=workers, metrics=installation.metrics
        )
        run(app, host=host, port=port)
    elif processes:
        serve_by_many(
            web_app_for(settings), workers, host=host, port=port, processes=processes,
            grace_seconds=GRACE_SECONDS,
        )  # fmt: skip
    elif workers:
        say("\nQuaylink works in the background – stop it with Ctrl-C.")
        work_only(workers, told_to_stop())


def refuse_on_sqlite(settings: Settings) -> None:
    """Let several processes share a database only where it is made for that.

    :raises SystemExit: with SQLite, whose writers would queue for one file without gaining anything
    """
    if settings.database_url is None or settings.database_url.startswith("sqlite"):
        raise SystemExit(
            "Several processes share a PostgreSQL database: set QUAYLINK_DATABASE_URL "
            "(docs/deployment.md), or leave --web-processes and --no-workers out."
        )


def told_to_stop() -> Event:
    """Return what is set when this process is told to end."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


def greet(settings: Settings) -> None:
    """Say where it is, and who may come in where that is public."""
    say(f"\nQuaylink is at {settings.base_url} – stop it with Ctrl-C.")
    if settings.environment == "development":
        say(f"Sign in to the demo with the password {DEMO_PASSWORD} as")
        for person in DEMO_PEOPLE:
            say(f"  {person.email:24} {person.role}")


def run(app: FastAPI, *, host: str, port: int) -> None:
    """Answer requests until told to stop; what has begun then is brought to its end."""
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,  # ours is in place
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def say(text: str) -> None:
    """Tell whoever started us how far we are."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
