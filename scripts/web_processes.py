"""Serve with several processes at one port, beside one that works; they share the database.

The process that was started opens the port, lets the workers run and watches over the others: one
that dies is replaced. Only it loads the language model; the others answer and hold little.
"""

import logging
import os
import shutil
import socket
import sys
from collections.abc import Callable
from functools import partial
from os import environ  # noqa: TID251 -- the variable is a library's and not a setting
from tempfile import mkdtemp
from threading import Event

from fastapi import FastAPI
from uvicorn import Config
from uvicorn.supervisors import Multiprocess

from app.core import logs
from app.core.database import open_engine, session_maker
from app.core.metrics import SHARED_FOLDER
from app.core.settings import Settings
from app.main import create_app
from app.worker import Workers

BACKLOG = 2048


def count_together() -> None:
    """Let all processes to come, and this one, count into one folder.

    The library looks for it when it is imported; so this process begins anew with the same words.
    """
    if not environ.get(SHARED_FOLDER):
        environ[SHARED_FOLDER] = mkdtemp(prefix="quaylink-counts-")
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 -- ourselves


def serve_by_many(
    make_app: Callable[[], FastAPI],
    workers: Workers | None,
    *,
    host: str,
    port: int,
    processes: int,
    grace_seconds: int,
) -> None:
    """Answer requests by so many processes until told to stop; the workers run in this one.

    :param make_app: called once in each process; it travels there, so it is a plain function
    """
    config = Config(
        make_app,
        factory=True,
        workers=processes,
        log_config=None,  # each process has ours
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=grace_seconds,
        # A process that computes for long on a busy machine is not one that hangs.
        timeout_worker_healthcheck=60,
    )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=BACKLOG) as listening:
        listening.set_inheritable(True)
        supervisor = Multiprocess(config, sockets=[listening])
        if workers:
            workers.start()
        try:
            supervisor.run()
        finally:
            if workers:
                workers.stop()
            shutil.rmtree(environ.get(SHARED_FOLDER, ""), ignore_errors=True)


def web_app(settings: Settings) -> FastAPI:
    """Return what one of several processes answers with: no workers, an engine of its own."""
    configure_logs(settings)
    return create_app(settings, session_maker(open_engine(settings.sqlalchemy_url)))


def web_app_for(settings: Settings) -> Callable[[], FastAPI]:
    """Return how another process makes the application for an installation."""
    return partial(web_app, settings)


def configure_logs(settings: Settings) -> None:
    """Log from this process as the settings say."""
    logs.configure(sys.stderr, level=logging.getLevelNamesMapping()[settings.log_level.upper()])


def work_only(workers: Workers, stop: Event) -> None:
    """Let the workers run, and nothing else, until told to stop."""
    workers.start()
    stop.wait()
    workers.stop()
