"""Serve with several processes at one port, beside one that works; they share the database.

The process that was started opens the port and watches over the others: one that dies is replaced.
Where it is killed, nobody answers on at its port. Only the one that works loads the language model;
the others answer and hold little.
"""

import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from functools import partial
from multiprocessing import parent_process
from os import environ  # noqa: TID251 -- the variable is a library's and not a setting
from tempfile import mkdtemp
from threading import Event, Thread
from typing import Any

from fastapi import FastAPI
from uvicorn import Config
from uvicorn.supervisors import Multiprocess

from app.core.database import open_engine, session_maker
from app.core.metrics import SHARED_FOLDER
from app.core.settings import Settings
from app.core.warm_up import warm_up
from app.main import create_app
from app.worker import Workers, Works
from scripts.request_limits import PatientWithinLimits
from scripts.working import configure_logs

BACKLOG = 2048
HOW_TO_ANSWER: Mapping[str, Any] = {
    "log_config": None,  # ours is in place
    "log_level": "warning",
    "access_log": False,
    # So many seconds may answers take at the end that have begun.
    "timeout_graceful_shutdown": 10,
    # Longer than proxies keep an idle connection (60 seconds): if we hang up first, a request may
    # meet a connection that is just being closed, and whoever sent it gets no answer.
    "timeout_keep_alive": 75,
    "http": PatientWithinLimits,
}
"""What the web server is told, whether one process answers or many."""


def count_together() -> None:
    """Let all processes to come, and this one, count into one folder.

    The library looks for it when it is imported; so this process begins anew with the same words.
    """
    if not environ.get(SHARED_FOLDER):
        environ[SHARED_FOLDER] = mkdtemp(prefix="quaylink-counts-")
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 -- ourselves


def serve_by_many(
    make_app: Callable[[], FastAPI],
    workers: Works | None,
    *,
    host: str,
    port: int,
    processes: int,
) -> None:
    """Answer requests by so many processes until told to stop, with workers beside.

    :param make_app: called once in each process; it travels there, so it is a plain function
    """
    config = Config(
        partial(_make_watched, make_app),
        factory=True,
        workers=processes,
        # A process that computes for long on a busy machine is not one that hangs.
        timeout_worker_healthcheck=60,
        **HOW_TO_ANSWER,
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


def _make_watched(make_app: Callable[[], FastAPI]) -> FastAPI:
    """Make what this process answers with, as long as somebody watches over it."""
    Thread(target=_end_with_parent, name="watching for the parent's end", daemon=True).start()
    return make_app()


def _end_with_parent() -> None:
    """End as if told to when whoever started us is gone; the next ones want the port."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def web_app(settings: Settings) -> FastAPI:
    """Return what one of several processes answers with: no workers, an engine of its own."""
    configure_logs(settings)
    app = create_app(settings, session_maker(open_engine(settings.sqlalchemy_url)))
    warm_up(app)
    return app


def web_app_for(settings: Settings) -> Callable[[], FastAPI]:
    """Return how another process makes the application for an installation."""
    return partial(web_app, settings)


def work_only(workers: Workers, stop: Event) -> None:
    """Let the workers run, and nothing else, until told to stop."""
    workers.start()
    stop.wait()
    workers.stop()
    if workers.is_at_work:
        # The libraries it computes with abort if Python is taken down around them.
        os._exit(0)
