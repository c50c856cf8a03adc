"""What monitoring sees: alive, fit to serve, figures; and who is not shown them."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import event, text
from sqlalchemy.orm import Session, sessionmaker

from app.core import jobs, journal_check
from app.core.heartbeats import beat
from app.core.job_runner import JobRunner
from app.core.settings import Settings
from app.main import create_app
from app.profiles.models import PROFILE_CHANGED
from app.worker import LANE_KINDS, QUICK_LANE, SLOW_LANE
from tests.conftest import FROM_OUR_PAGES, FakeClock
from tests.factories.messages import make_message
from tests.factories.people import PASSWORD, make_user

TOKEN = "monitoring reads with this"
BEARER = {"Authorization": f"Bearer {TOKEN}"}

ON_THIS_MACHINE = {"base_url": "http://127.0.0.1:8000", "client": ("127.0.0.1", 4000)}


@pytest.fixture
def insider(app: FastAPI) -> TestClient:
    """Somebody at the machine itself."""
    return TestClient(app, headers=FROM_OUR_PAGES, **ON_THIS_MACHINE)  # type: ignore[arg-type]  # a mapping of two kinds


def live(session: Session, clock: FakeClock) -> None:
    for lane in LANE_KINDS:
        beat(session, lane, at=clock())
    session.commit()


def test_alive_means_that_it_answers_and_touches_nothing(
    client: TestClient, session_factory: sessionmaker[Session]
) -> None:
    asked: list[str] = []
    engine = session_factory.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    answer = client.get("/healthz")

    assert (answer.status_code, answer.text, asked) == (200, "ok\n", [])


def test_ready_when_all_is_well(insider: TestClient, session: Session, clock: FakeClock) -> None:
    live(session, clock)

    answer = insider.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    assert list(answer.json()["checks"]) == ["database", "schema", "worker", "index", "disk"]
    assert all(check["ok"] and check["says"] for check in answer.json()["checks"].values())


def red(client: TestClient) -> set[str]:
    answer = client.get("/readyz")
    found = {name for name, check in answer.json()["checks"].items() if not check["ok"]}
    assert answer.status_code == (503 if found else 200)
    assert answer.json()["status"] == ("not ready" if found else "ready")
    return found


def test_a_silent_worker_is_red_and_a_busy_one_is_not(
    insider: TestClient, session: Session, clock: FakeClock
) -> None:
    assert red(insider) == {"worker"}
    live(session, clock)
    clock.advance(seconds=30)
    assert red(insider) == set()
    clock.advance(seconds=1)
    assert "no sign of life: quick, slow" in insider.get("/readyz").text

    beat(session, QUICK_LANE, at=clock())
    job = jobs.enqueue(session, min(LANE_KINDS[SLOW_LANE]), {}, at=clock())
    job.state, job.lease_until = jobs.JobState.DOING, clock() + timedelta(minutes=1)
    session.commit()

    assert red(insider) == set()


def test_an_index_that_does_not_learn_is_red(
    insider: TestClient, session: Session, clock: FakeClock
) -> None:
    jobs.enqueue(session, PROFILE_CHANGED, {"organisation_id": 1}, at=clock())
    clock.advance(minutes=5)
    live(session, clock)
    assert red(insider) == set()

    clock.advance(seconds=1)

    assert red(insider) == {"index"}
    assert "1 to learn, the oldest for 301 s" in insider.get("/readyz").text


def test_a_schema_that_an_update_has_moved_on_is_fine(
    insider: TestClient, session: Session, clock: FakeClock
) -> None:
    """Processes of the old code serve on until those of the new one have come up."""
    live(session, clock)
    session.execute(text("UPDATE alembic_version SET version_num = '299901010000'"))
    session.commit()

    assert red(insider) == set()
    assert "ahead of this code" in insider.get("/readyz").text


@pytest.mark.only_sqlite
def test_another_schema_and_a_database_that_is_away_are_red(
    insider: TestClient, session: Session, clock: FakeClock, settings: Settings
) -> None:
    live(session, clock)
    session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    session.commit()
    assert red(insider) == {"schema"}

    (settings.data_dir / "quaylink.sqlite3").rename(settings.data_dir / "away")
    insider.app.state.session_factory.kw["bind"].dispose()  # type: ignore[attr-defined]  # of FastAPI

    assert red(insider) == {"database"}


def test_strangers_learn_what_is_red_and_no_more(
    client: TestClient, session: Session, clock: FakeClock
) -> None:
    live(session, clock)

    checks = client.get("/readyz").json()["checks"]

    assert checks == {
        name: {"ok": True} for name in ("database", "schema", "worker", "index", "disk")
    }


def test_figures_for_this_machine(
    insider: TestClient,
    session: Session,
    session_factory: sessionmaker[Session],
    clock: FakeClock,
    runner: JobRunner,
) -> None:
    user = make_user(password=PASSWORD)
    insider.post("/sign-in", data={"email": user.email, "password": "not the password"})
    insider.get("/challenges/12345")
    insider.get("/nowhere/at/all")
    make_message(user)
    jobs.enqueue(session, PROFILE_CHANGED, {"organisation_id": 1}, at=clock())
    with session_factory() as own:
        journal_check.keep_verdict(own, journal_check.check(own), at=clock())
        own.commit()
    live(session, clock)
    clock.advance(seconds=7)

    answer = insider.get("/metrics")

    assert answer.status_code == 200
    figures = dict(
        line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")
    )
    wanted = {
        'quaylink_http_requests_total{method="POST",route="/sign-in",status="422"}': "1.0",
        'quaylink_http_requests_total{method="GET",route="/challenges/{challenge_id}",status="404"}'
        "": "1.0",
        'quaylink_http_requests_total{method="GET",route="other",status="404"}': "1.0",
        'quaylink_sign_ins_refused_total{why="password"}': "1.0",
        'quaylink_jobs{state="todo"}': "1.0",
        'quaylink_mails{state="sent"}': "1.0",
        "quaylink_job_oldest_seconds": "7.0",
        "quaylink_index_lag_seconds": "7.0",
        'quaylink_worker_silence_seconds{lane="quick"}': "7.0",
        "quaylink_journal_whole": "1.0",
    }
    assert {name: figures.get(name) for name in wanted} == wanted
    assert float(figures["quaylink_disk_free_bytes"]) > 0
    assert user.email not in answer.text
    assert "12345" not in answer.text


@pytest.mark.parametrize(
    ("connection", "headers"),
    [
        ({}, {}),
        (ON_THIS_MACHINE, {"X-Forwarded-For": "203.0.113.9"}),  # a proxy beside us, and a stranger
        ({**ON_THIS_MACHINE, "base_url": "https://quay.example"}, {}),
        ({"base_url": "http://127.0.0.1:8000", "client": ("203.0.113.9", 4000)}, {}),
        (ON_THIS_MACHINE | {"client": ("203.0.113.9", 1)}, {"Authorization": f"Bearer {TOKEN}x"}),
        ({}, {"Authorization": "Bearer "}),
        ({}, {"Authorization": TOKEN}),
    ],
)
def test_figures_are_for_nobody_else(
    settings: Settings,
    session_factory: sessionmaker[Session],
    connection: dict[str, object],
    headers: dict[str, str],
) -> None:
    guarded = settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    client = TestClient(create_app(guarded, session_factory), **connection)  # type: ignore[arg-type]  # a mapping of two kinds

    answer = client.get("/metrics", headers=headers)

    assert answer.status_code == 404
    assert "quaylink_" not in answer.text
    assert "says" not in client.get("/readyz", headers=headers).text


def test_the_token_opens_them_from_afar(
    settings: Settings, session_factory: sessionmaker[Session]
) -> None:
    def status(wanted: Settings) -> int:
        client = TestClient(create_app(wanted, session_factory))
        return client.get("/metrics", headers=BEARER).status_code

    assert status(settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})) == 200
    assert status(settings) == 404


def test_too_many_attempts_are_counted(client: TestClient, app: FastAPI) -> None:
    for _ in range(6):
        client.post("/sign-in", data={"email": "nobody@example.org", "password": "wrong"})

    counted = app.state.metrics.registry.get_sample_value

    assert counted("quaylink_too_many_attempts_total", {"what": "sign-in"}) == 1
    assert counted("quaylink_sign_ins_refused_total", {"why": "password"}) == 5
