"""Serve one installation by two processes that say which they are; for test_web_processes."""

import os
import sys
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.core.settings import Settings
from scripts.web_processes import count_together, serve_by_many, web_app
from scripts.worker_process import WorkerProcess
from tests.scripts.slow_work import make_workers


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
    workers = WorkerProcess(
        partial(make_workers, settings), observe=lambda *_of_a_job: None, niceness=10
    )
    make = partial(make_app, settings)
    serve_by_many(make, workers, host="127.0.0.1", port=int(port), processes=2)


if __name__ == "__main__":
    main()
