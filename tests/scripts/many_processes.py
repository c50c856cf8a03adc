"""Serve one installation by two processes that say which they are; for test_web_processes."""

import os
import sys
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.settings import Settings
from app.worker import Workers
from scripts.web_processes import count_together, serve_by_many, web_app


def which(_request: Request) -> Response:
    """Say which process this is."""
    return PlainTextResponse(str(os.getpid()))


def make_app(settings: Settings) -> FastAPI:
    """Return what each process serves."""
    app = web_app(settings)
    app.add_route("/which", which)
    return app


def main() -> None:
    """Serve until told to stop."""
    count_together()
    folder, url, port = sys.argv[1:]
    settings = Settings(
        data_dir=Path(folder), database_url=url, secret_key="not a secret, only for the tests"
    )
    sessions = session_maker(open_engine(url))
    workers = Workers(sessions, {}, system_clock, when_idle=lambda: None)
    make = partial(make_app, settings)
    serve_by_many(make, workers, host="127.0.0.1", port=int(port), processes=2, grace_seconds=5)


if __name__ == "__main__":
    main()
