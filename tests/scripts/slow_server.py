"""Serve one folder with answers and jobs that take a second, for test_shutdown and others.

As by default: this process answers, one beside it works.
"""

import socket
import sys
import time
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.core.database import open_engine, session_maker
from app.core.settings import Settings
from app.main import create_app
from scripts.serve import run
from scripts.worker_process import WorkerProcess
from tests.scripts.slow_work import make_workers, say


def slow_answer(_request: Request) -> Response:
    """Take a second."""
    say("answer begun")
    time.sleep(1)
    return PlainTextResponse("answered")


def main() -> None:
    """Serve until told to stop."""
    settings = Settings(data_dir=Path(sys.argv[1]), secret_key="not a secret, only for the tests")
    factory = session_maker(open_engine(settings.sqlalchemy_url))
    workers = WorkerProcess(
        partial(make_workers, settings),
        observe=lambda kind, _seconds, _failed: say(f"{kind} observed by who answers"),
        niceness=5,
    )
    app = create_app(settings, factory, workers=workers)
    app.add_route("/slow", slow_answer)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    say(f"http://127.0.0.1:{port}")
    run(app, host="127.0.0.1", port=port)


if __name__ == "__main__":
    main()
