"""A real server on a port of its own, with a clock that the test moves and a worker at hand."""

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.core.job_runner import JobRunner
from tests.conftest import FakeClock
from tests.factories.people import make_token
from tests.journeys.programs import Program, Stage


@pytest.fixture
def server(app: FastAPI) -> Iterator[str]:
    """Serve the application over HTTP and return its address."""
    config = uvicorn.Config(app, port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def stage(server: str, session: Session, clock: FakeClock, runner: JobRunner) -> Iterator[Stage]:
    """Everybody in the life of a challenge, each with a program that acts for them."""
    stage = Stage(clock, runner)
    for name, user in stage.people.items():
        stage.programs[name] = Program(f"{server}/api/v1", make_token(user)[0])
    yield stage
    for program in stage.programs.values():
        program.close()
