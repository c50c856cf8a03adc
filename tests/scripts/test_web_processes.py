"""Several processes answer for one installation on PostgreSQL; what one knows, all know."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from app.core.settings import Settings
from scripts.killed_server import free_port
from scripts.serve import refuse_on_sqlite
from tests.conftest import FROM_OUR_PAGES, looking_into
from tests.factories.people import PASSWORD, make_user
from tests.postgresql import TEMPLATE, TestServer
from tests.scripts.test_worker_process import until, workers_of

EMAIL, OTHER = "ada@example.org", "grace@example.org"
PATIENCE = 120
WRONG_PASSWORDS = 5


def start(folder: Path, url: str, port: int) -> subprocess.Popen[bytes]:
    """Have two processes answer, and a third work and watch over them."""
    command = [sys.executable, "-m", "tests.scripts.many_processes", str(folder), url, str(port)]
    return subprocess.Popen(command)  # noqa: S603 -- our own


@pytest.fixture
def address(postgresql: TestServer, tmp_path: Path) -> Iterator[str]:
    """Where two processes answer, and a third works and watches over them."""
    port = free_port()
    with postgresql.lent(template=TEMPLATE) as url:
        with looking_into(Settings(data_dir=tmp_path, database_url=url)):
            make_user(email=EMAIL, password=PASSWORD)
            make_user(email=OTHER, password=PASSWORD)
        with start(tmp_path, url, port) as process:
            yield f"http://127.0.0.1:{port}"
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0


def browsers_of_each(address: str, open_ones: ExitStack) -> dict[int, httpx.Client]:
    """Return a browser for each of two processes; a kept connection stays with its process."""
    found: dict[int, httpx.Client] = {}
    until = time.monotonic() + PATIENCE
    while len(found) < 2 and time.monotonic() < until:
        browser = open_ones.enter_context(
            httpx.Client(base_url=address, headers=FROM_OUR_PAGES, timeout=60)
        )
        try:
            found.setdefault(int(browser.get("/which").text), browser)
        except httpx.TransportError:
            time.sleep(0.1)
    return found


def count_of(text: str, line: str) -> float:
    return float(re.findall(rf"^{re.escape(line)} (\S+)$", text, re.MULTILINE)[0])


def sign_in(browser: httpx.Client, email: str, password: str) -> int:
    return browser.post("/sign-in", data={"email": email, "password": password}).status_code


@pytest.mark.slow
def test_what_one_process_knows_all_know(address: str) -> None:
    with ExitStack() as open_ones:
        browsers = browsers_of_each(address, open_ones)
        (one, first), (two, second) = browsers.items()

        # Who signed in at one is known to the other, and gone from both.
        assert sign_in(first, EMAIL, PASSWORD) == 303
        second.cookies = first.cookies
        assert EMAIL in second.get("/account").text
        assert second.post("/sign-out").status_code == 303
        assert first.get("/account").status_code == 303

        # Attempts count whichever process they reach.
        tries = [sign_in((first, second)[n % 2], OTHER, "wrong") for n in range(WRONG_PASSWORDS)]
        assert tries == [422] * WRONG_PASSWORDS
        assert [sign_in(each, OTHER, PASSWORD) for each in (first, second)] == [429, 429]

        # Whoever is asked tells what all have counted, and that somebody works.
        counted = 'quaylink_http_requests_total{method="POST",route="/sign-in",status="422"}'
        figures = [each.get("/metrics").text for each in (first, second)]
        assert [count_of(each, counted) for each in figures] == [WRONG_PASSWORDS] * 2
        checks = second.get("/readyz").json()["checks"]
        assert checks["worker"] == {"ok": True, "says": "at work"}
        assert checks["schema"]["ok"]

        # One that dies is missed by nobody for long, and another comes.
        os.kill(one, signal.SIGKILL)
        assert second.get("/healthz").status_code == 200
        again = browsers_of_each(address, open_ones)
        assert two in again
        assert one not in again


@pytest.mark.slow
def test_nobody_answers_on_for_somebody_who_was_killed(
    postgresql: TestServer, tmp_path: Path
) -> None:
    port = free_port()
    with (
        postgresql.lent(template=TEMPLATE) as url,
        start(tmp_path, url, port) as process,
        ExitStack() as open_ones,
    ):
        browsers = browsers_of_each(f"http://127.0.0.1:{port}", open_ones)
        ours = [*browsers, *workers_of(process.pid)]
        assert len(ours) == 3

        process.kill()

        until(lambda: not any(Path(f"/proc/{each}").exists() for each in ours))
        with socket.create_server(("127.0.0.1", port)):
            pass  # whoever comes next may listen there


def test_several_processes_want_a_database_that_is_made_for_it(tmp_path: Path) -> None:
    refuse_on_sqlite(Settings(data_dir=tmp_path, database_url="postgresql://somewhere/quaylink"))
    with pytest.raises(SystemExit, match="QUAYLINK_DATABASE_URL"):
        refuse_on_sqlite(Settings(data_dir=tmp_path))
