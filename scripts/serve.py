"""Bring an installation up to date, then serve it; scripts/run calls this."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from threading import Event

import uvicorn
from fastapi import FastAPI
from sqlalchemy.orm import Session, sessionmaker

from app.core import daily
from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.links import Links
from app.core.migrations import migrate
from app.core.settings import Settings, signing_key
from app.core.signed_tokens import SignedTokens
from app.core.warm_up import warm_up
from app.main import create_app
from app.monitoring import jobs as monitoring_jobs
from app.worker import DAILY, Works
from scripts.demo_messages import add_messages
from scripts.demo_people import DEMO_PASSWORD, DEMO_PEOPLE
from scripts.run_options import parser
from scripts.seed_demo import is_empty, seed
from scripts.web_processes import (
    HOW_TO_ANSWER,
    count_together,
    serve_by_many,
    web_app_for,
    work_only,
)
from scripts.worker_process import WorkerProcess
from scripts.working import Installation, assemble, configure_logs, say, work_off, workers_for


def main() -> None:
    """Prepare, and serve unless told otherwise."""
    options = parser().parse_args()
    settings = settings_for(options)
    configure_logs(settings)
    if options.web_processes > 1:
        refuse_on_sqlite(settings)
        count_together()
    installation = prepare(settings, with_demo=not options.no_demo)
    if options.prepare and not options.no_workers:
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
    is_new = with_demo and add_demo(settings, session_factory, now=clock())
    with session_factory() as session, session.begin():
        daily.start(session, DAILY, at=clock())
        monitoring_jobs.start(session, at=clock())
    return assemble(settings, database, session_factory, clock, is_new_demo=is_new)


def add_demo(settings: Settings, session_factory: sessionmaker[Session], *, now: datetime) -> bool:
    """Fill an empty database with the demo; its passwords are public, so never in production.

    :returns: whether it was empty
    """
    if settings.environment == "production":
        raise SystemExit("The demo's passwords are public: in production start with --no-demo.")
    with session_factory() as session, session.begin():
        is_new = is_empty(session)
        if is_new:
            say("Demo data: clusters, organisations and challenges …")
            seed(session, now=now)
            links = Links(settings.base_url, SignedTokens(signing_key(settings)))
            add_messages(session, links, now=now)
    return is_new


def work_off_apart() -> None:
    """Do what waits before anybody looks, in a process of its own: this one only answers."""
    subprocess.run([sys.executable, *sys.orig_argv[1:], "--prepare"], check=True)  # noqa: S603 -- ourselves


def serve(installation: Installation, options: argparse.Namespace) -> None:
    """Answer requests until Ctrl-C; a process that works runs beside, unless told otherwise."""
    processes, works = options.web_processes, not options.no_workers
    if processes == 0:
        if works:
            say("\nQuaylink works in the background – stop it with Ctrl-C.")
            work_only(installation.workers, told_to_stop())
        return
    if installation.is_new_demo and works:
        work_off_apart()
    greet(installation.settings, with_demo=not options.no_demo)
    answer(installation, options, workers_beside(installation) if works else None)


def workers_beside(installation: Installation) -> WorkerProcess:
    """Return the process that works while this one answers, or watches over those that do."""
    return WorkerProcess(
        partial(workers_for, installation.settings),
        observe=installation.metrics.saw_job,
        niceness=installation.settings.worker_niceness,
    )


def answer(installation: Installation, options: argparse.Namespace, workers: Works | None) -> None:
    """Answer requests, by as many processes as were asked for."""
    settings = installation.settings
    host, port, processes = options.host, options.port, options.web_processes
    if processes == 1:
        app = create_app(
            settings, installation.session_factory, workers=workers, metrics=installation.metrics
        )
        run(app, host=host, port=port)
    else:
        serve_by_many(
            web_app_for(settings), workers, host=host, port=port, processes=processes
        )  # fmt: skip


def refuse_on_sqlite(settings: Settings) -> None:
    """Let several processes answer only over a database that is made for that.

    :raises SystemExit: with SQLite, whose writers would queue for one file without gaining anything
    """
    if settings.database_url is None or settings.database_url.startswith("sqlite"):
        raise SystemExit(
            "Several processes that answer share a PostgreSQL database: set "
            "QUAYLINK_DATABASE_URL (docs/deployment.md), or leave --web-processes out."
        )


def told_to_stop() -> Event:
    """Return what is set when this process is told to end."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


def greet(settings: Settings, *, with_demo: bool) -> None:
    """Say where it is, and who may come in where that is public."""
    say(f"\nQuaylink is at {settings.base_url} – stop it with Ctrl-C.")
    if with_demo:
        say(f"Sign in to the demo with the password {DEMO_PASSWORD} as")
        for person in DEMO_PEOPLE:
            say(f"  {person.email:24} {person.role}")


def run(app: FastAPI, *, host: str, port: int) -> None:
    """Answer requests until told to stop; what has begun then is brought to its end."""
    warm_up(app)
    uvicorn.run(app, host=host, port=port, **HOW_TO_ANSWER)


if __name__ == "__main__":
    main()
