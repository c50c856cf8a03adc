"""Serve one folder with answers and jobs that take a second; a process for test_shutdown."""

import socket
import sys
import time
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.jobs import Handler, Work
from app.core.settings import Settings
from app.main import create_app
from app.worker import Workers
from scripts.serve import run


def say(words: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def slow_job(_work: Work) -> None:
    """Take a second."""
    say("job begun")
    time.sleep(1)


def slow_answer(_request: Request) -> Response:
    """Take a second."""
    say("answer begun")
    time.sleep(1)
    return PlainTextResponse("answered")


def main() -> None:
    """Serve until told to stop."""
    settings = Settings(data_dir=Path(sys.argv[1]), secret_key="not a secret, only for the tests")
    factory = session_maker(open_engine(settings.sqlalchemy_url))
    handlers: dict[str, Handler] = {"slow": slow_job}
    workers = Workers(factory, handlers, system_clock, when_idle=lambda: say("saved at the end"))
    app = create_app(settings, factory, workers=workers)
    app.add_route("/slow", slow_answer)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    say(f"http://127.0.0.1:{port}")
    run(app, host="127.0.0.1", port=port)


if __name__ == "__main__":
    main()
