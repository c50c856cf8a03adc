"""A server in a process of its own, whose processor time can be read; ours, or a bare page.

What our server says of each request – time, statements – is read from its own log.
"""

import json
import logging
import math
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.templating import Jinja2Templates
from jinja2 import DictLoader, Environment, select_autoescape
from sqlalchemy import func, select

from app.accounts.access import cookie_name
from app.accounts.models import SignInSession, User
from app.challenges.models import Challenge
from app.core import logs
from app.core.database import DbSession, open_engine, session_maker
from app.core.observing import REQUEST_ID
from app.core.settings import Settings
from app.core.turns import Turns
from app.main import create_app
from scripts.serve import run

_OF_A_PROCESS = 2
"""In the kernel's numbers of clocks: the time that all threads of a process have run."""
BARE = """<!doctype html><title>{{ total }}</title><p>{{ name }}</p><ul>
{% for row in rows %}<li><a href="/challenges/{{ row.id }}">{{ row.title }}</a> {{ row.summary }}
{{ row.state.value }} {{ row.closes_at }}</li>{% endfor %}</ul>"""
ROWS = 20
MOST_LOOKS = 2_000
"""So often the log is looked into, a millisecond apart."""
MOST_STARTING_SECONDS = 120
Serve = Callable[[int], None]


@dataclass(frozen=True)
class Told:
    """What a request cost."""

    status: int
    cpu_ms: float
    """Of the whole server process, from before the request to after its answer."""
    server_ms: float = 0.0
    statements: int = 0
    wire_bytes: int = 0
    kind: str = ""
    body: str = ""


@dataclass
class MeasuredServer:
    """A running server, asked one thing at a time."""

    base: str
    pid: int
    log: Path
    cookie: str = "quaylink"
    _read_to: int = field(default=0)

    def client(self, token: str = "") -> httpx.Client:
        """Return a browser; with a token, that of somebody who is signed in."""
        cookies = {self.cookie: token} if token else {}
        return httpx.Client(base_url=self.base, cookies=cookies, timeout=60)

    def ask(self, client: httpx.Client, path: str) -> Told:
        """Ask for a page and return what it cost."""
        name = token_hex(8)
        before = self.cpu_seconds()
        with client.stream("GET", path, headers={REQUEST_ID: name}) as answer:
            body = answer.read()
        said = self.said_of(name)  # written last: what is measured ends with it
        cpu = self.cpu_seconds() - before
        return Told(
            answer.status_code,
            1000 * cpu,
            said.get("ms", 0.0),
            said.get("n_sql", 0),
            answer.num_bytes_downloaded,
            answer.headers.get("content-type", "").partition(";")[0],
            body.decode(errors="replace"),
        )

    def cpu_seconds(self) -> float:
        """Return for how long the process has computed."""
        return time.clock_gettime((~self.pid << 3) | _OF_A_PROCESS)

    def said_of(self, name: str) -> dict[str, Any]:
        """Return what the log says of the request with this id, {} if that never comes."""
        for _ in range(MOST_LOOKS if self.log.exists() else 0):
            with self.log.open("rb") as file:
                file.seek(self._read_to)
                written = file.read()
            whole = written[: written.rfind(b"\n") + 1]  # the last line may be half done
            self._read_to += len(whole)
            said: list[dict[str, Any]] = [
                json.loads(line) for line in whole.splitlines() if name.encode() in line
            ]
            if found := [each for each in said if "n_sql" in each]:
                return found[0]
            time.sleep(0.001)
        return {}


@contextmanager
def serving(serve: Serve, *, log: Path, answers_at: str) -> Iterator[MeasuredServer]:
    """Let a function serve at a port in a child process as long as the block lasts.

    :param log: where our server writes; a bare one writes nothing
    :param answers_at: the path at which it is asked whether it has begun
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    pid = os.fork()
    if pid == 0:
        try:
            serve(port)
        finally:
            os._exit(0)
    server = MeasuredServer(f"http://127.0.0.1:{port}", pid, log)
    try:
        _wait(server, answers_at)
        yield server
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)


def _wait(server: MeasuredServer, path: str) -> None:
    until = time.monotonic() + MOST_STARTING_SECONDS
    while time.monotonic() < until:
        try:
            httpx.get(server.base + path, timeout=10)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("The server did not begin to answer.")


def serve_ours(settings: Settings, log: Path, *, port: int) -> None:
    """Answer as ``scripts/run`` does, and have nobody work."""
    logs.configure(log.open("a", buffering=1), level=logging.INFO)
    sessions = session_maker(open_engine(settings.sqlalchemy_url))
    run(create_app(settings, sessions), host="127.0.0.1", port=port)


def bare_app(settings: Settings) -> FastAPI:
    """Return the least that shows a list: FastAPI, Jinja, three queries, nothing else."""
    app = FastAPI()
    app.state.settings = settings
    app.state.turns = Turns()  # which sessions are taken in
    app.state.session_factory = session_maker(open_engine(settings.sqlalchemy_url))
    loader = DictLoader({"bare.html": BARE})
    templates = Jinja2Templates(env=Environment(loader=loader, autoescape=select_autoescape()))

    @app.get("/bare")
    def show(request: Request, session: DbSession) -> Any:
        token = request.cookies.get(cookie_name(settings), "")
        is_theirs = SignInSession.token_hash == token
        name = session.scalar(select(User.name).join(SignInSession).where(is_theirs)) or ""
        total = session.scalar(select(func.count()).select_from(Challenge))
        rows = session.scalars(select(Challenge).order_by(Challenge.id.desc()).limit(ROWS)).all()
        said = {"name": name, "total": total, "rows": rows}
        return templates.TemplateResponse(request, "bare.html", said)

    return app


def serve_bare(settings: Settings, port: int) -> None:
    """Serve the bare page."""
    logging.disable(logging.INFO)
    run(bare_app(settings), host="127.0.0.1", port=port)


@contextmanager
def serving_both(settings: Settings, log: Path) -> Iterator[tuple[MeasuredServer, MeasuredServer]]:
    """Serve ours and the bare page beside each other, on one database."""
    ours = partial(_at, partial(serve_ours, settings, log))
    bare = partial(serve_bare, settings)
    with (
        serving(ours, log=log, answers_at="/healthz") as first,
        serving(bare, log=log.with_suffix(".none"), answers_at="/bare") as second,
    ):
        first.cookie = cookie_name(settings)
        yield first, second


def _at(serve: Callable[..., None], port: int) -> None:
    serve(port=port)


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return percentile(values, 50)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
