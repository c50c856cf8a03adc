"""Fixtures everything needs: a database, a session, a clock, people's browsers, a worker."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from fcntl import LOCK_EX, flock
from importlib import import_module
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.access import cookie_name
from app.accounts.models import Scope, SignInSession, User
from app.accounts.policy import hash_token
from app.core.database import open_engine, session_maker
from app.core.event_words import words_for
from app.core.job_runner import JobRunner
from app.core.journal import Event
from app.core.message_kinds import Frequency, MessageKinds
from app.core.migrations import migrate
from app.core.settings import Settings
from app.core.warm_up import spare_pauses
from app.main import create_app
from app.matches.engine_room import EngineRoom
from app.message_registry import MESSAGE_KINDS
from app.worker import all_handlers
from matching import HashingEncoder
from matching.bundled_model import default_model_folder
from tests.engines import familiar
from tests.factories import numbers, using
from tests.factories.people import make_token
from tests.postgresql import TEMPLATE, TestServer, test_server

# The same examples in every run, and no verdict about how busy the machine is.
hypothesis_settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("steady")

SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASES = (SQLITE, POSTGRESQL)
KEPT_MODELS = Path("var/models")
NOON = datetime(2030, 6, 3, 12, tzinfo=UTC)  # a Monday

PROMPT_KINDS = MessageKinds(replace(kind, frequency=Frequency.AT_ONCE) for kind in MESSAGE_KINDS)
"""What features say is looked at as soon as it is said; the tests of messages look at when."""

FROM_OUR_PAGES = {"Sec-Fetch-Site": "same-origin"}
"""What browsers send with a form of ours."""


@event.listens_for(Event, "before_insert")
def require_sentence(_mapper: object, _connection: object, written: Event) -> None:
    """Let no test write an event that timelines have no words for."""
    assert words_for(written.action), f"declare a sentence for {written.action!r}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the same tests run on either database, and random ones try many more cases."""
    parser.addoption(
        "--long",
        action="store_true",
        help="random lives and fuzzing take minutes",
    )
    parser.addoption(
        "--database",
        choices=DATABASES,
        default=SQLITE,
        help="what tests run on; those marked both_databases run on PostgreSQL in any case",
    )


def pytest_configure() -> None:
    """Search for garbage as rarely as our servers do: it took a fifth of all time."""
    spare_pauses()


def pytest_collection_finish() -> None:
    """Leave what was collected out of it as well."""
    spare_pauses()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked so on both databases."""
    marked = metafunc.definition.get_closest_marker("both_databases") is not None
    if not marked or "database" not in metafunc.fixturenames:
        return
    if metafunc.config.getoption("--database") == SQLITE:
        metafunc.parametrize("database", DATABASES, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that send requests, which are most of the time of a whole run."""
    for item in items:
        if "app" in getattr(item, "fixturenames", ()):
            item.add_marker("door")
        if item.get_closest_marker("only_sqlite") and database_of(item) != SQLITE:
            item.add_marker(pytest.mark.skip(reason="is about SQLite"))


def database_of(item: pytest.Item) -> str:
    """Return which kind a test runs on."""
    call = getattr(item, "callspec", None)
    chosen = call.params.get("database") if call else None
    return str(chosen or item.config.getoption("--database"))


class FakeClock:
    """A clock that stands still until told."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        """Move on by so many days, hours or seconds."""
        self.now += timedelta(**duration)


class KeptMail:
    """A transport that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    def deliver(self, message: EmailMessage) -> None:
        self.messages.append(message)

    def to(self, address: str) -> list[EmailMessage]:
        """Return what this address received, oldest first."""
        return [message for message in self.messages if message["To"] == address]


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest revision, made by the migrations."""
    path = tmp_path_factory.mktemp("database") / "migrated.sqlite3"
    engine = open_engine(f"sqlite+pysqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[TestServer]:
    """A real PostgreSQL; started when a test first asks for it."""
    with test_server() as server:
        yield server


@pytest.fixture
def begins_with(request: pytest.FixtureRequest) -> str:
    """What the test's database is a copy of: a file with SQLite, or a template of PostgreSQL."""
    if database_of(request.node) == SQLITE:
        return str(request.getfixturevalue("migrated_database"))
    return TEMPLATE


@pytest.fixture
def database(
    request: pytest.FixtureRequest, tmp_path: Path, begins_with: str
) -> Iterator[str | None]:
    """A fresh, migrated database: its URL, or None if it is the file in the data folder."""
    kind = getattr(request, "param", request.config.getoption("--database"))
    if kind == SQLITE:
        shutil.copy(begins_with, tmp_path / "quaylink.sqlite3")
        yield None
    else:
        server: TestServer = request.getfixturevalue("postgresql")
        with server.lent(template=begins_with) as url:
            yield url


@pytest.fixture
def settings(tmp_path: Path, database: str | None) -> Settings:
    """Settings of an installation with a fresh database."""
    return Settings(
        data_dir=tmp_path,
        database_url=database,
        base_url="http://testserver",
        secret_key="not a secret, only for the tests",
    )


@pytest.fixture
def session_factory(settings: Settings) -> Iterator[sessionmaker[Session]]:
    """Sessions on the test's own database."""
    engine = familiar(open_engine(settings.sqlalchemy_url))
    yield session_maker(engine)
    engine.dispose()


@contextmanager
def looking_into(settings: Settings) -> Iterator[Session]:
    """Open a session for arranging and looking; factories write through it.

    Each statement is a transaction of its own: looking locks nobody out and is never out of date.
    """
    if settings.database_url is None:
        engine = create_engine(
            settings.sqlalchemy_url,
            module=import_module("pysqlite3.dbapi2"),
            connect_args={"isolation_level": None, "timeout": 10},
        )
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=ON"))
    else:
        engine = create_engine(settings.database_url, isolation_level="AUTOCOMMIT")
    with session_maker(familiar(engine))() as session, using(session):
        yield session
    engine.dispose()


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """A session for arranging and looking."""
    with looking_into(settings) as session:
        yield session


@pytest.fixture
def clock() -> FakeClock:
    """The time, which the test may move."""
    return FakeClock(NOON)


@pytest.fixture
def app(settings: Settings, session_factory: sessionmaker[Session], clock: FakeClock) -> FastAPI:
    """The web application."""
    return create_app(settings, session_factory, clock=clock)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A visitor's browser; it does not follow redirects."""
    with TestClient(app, follow_redirects=False, headers=FROM_OUR_PAGES) as client:
        yield client


@pytest.fixture
def sign_in(
    app: FastAPI, session: Session, settings: Settings, clock: FakeClock
) -> Iterator[Callable[[User], TestClient]]:
    """Return a browser in which this person is signed in."""
    browsers = ExitStack()  # an entered client keeps its event loop from one request to the next

    def browser_of(user: User) -> TestClient:
        token = f"token {next(numbers)} of {user.email}"
        session.add(
            SignInSession(
                user_id=user.id,
                token_hash=hash_token(token),
                created_at=clock(),
                last_seen_at=clock(),
                expires_at=clock() + timedelta(days=14),
            )
        )
        session.commit()
        browser = TestClient(
            app,
            follow_redirects=False,
            cookies={cookie_name(settings): token},
            headers=FROM_OUR_PAGES,
        )
        return browsers.enter_context(browser)

    with browsers:
        yield browser_of


@pytest.fixture
def program(app: FastAPI, session: Session) -> Iterator[Callable[..., TestClient]]:
    """Return a program that calls the API for this person, with all scopes or only these."""
    programs = ExitStack()

    def program_of(user: User, *scopes: Scope) -> TestClient:
        headers = {"Authorization": f"Bearer {make_token(user, *scopes)[0]}"}
        client = TestClient(app, base_url="http://testserver/api/v1", headers=headers)
        return programs.enter_context(client)

    with programs:
        yield program_of


@pytest.fixture
def mail() -> KeptMail:
    """Everything the worker sent."""
    return KeptMail()


@pytest.fixture(scope="session")
def of_all_workers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that this worker shares with those beside it."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def model_folder(of_all_workers: Path) -> Path:
    """The default model: the one this checkout has already, else a fresh one for all workers."""
    if KEPT_MODELS.is_dir():
        return default_model_folder(KEPT_MODELS)
    with (of_all_workers / "unpacking").open("w") as turn:
        flock(turn, LOCK_EX)
        return default_model_folder(of_all_workers / "models")


@pytest.fixture
def engine_room(tmp_path: Path) -> EngineRoom:
    """An engine without a language model: same words, same meaning."""
    return EngineRoom(HashingEncoder, tmp_path / "index")


@pytest.fixture
def runner(
    settings: Settings,
    session_factory: sessionmaker[Session],
    clock: FakeClock,
    mail: KeptMail,
    engine_room: EngineRoom,
) -> JobRunner:
    """A worker; ``runner.drain()`` does everything that is due. No mail waits for a digest."""
    handlers = all_handlers(settings, mail, engine_room, clock, PROMPT_KINDS)
    return JobRunner(session_factory, handlers, clock)
