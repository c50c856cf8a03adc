"""What both databases promise: writers queue and lose nothing, readers never wait."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app.core.database import open_engine
from app.core.settings import Settings

WRITERS, TIMES = 8, 40
READ, WRITE = text("SELECT number FROM counted"), text("UPDATE counted SET number = :number")
SQLITE_PROMISES: dict[str, object] = {
    "journal_mode": "wal",
    "synchronous": 2,  # full: what was committed survives a power cut
    "busy_timeout": 10_000,
    "foreign_keys": 1,
    "trusted_schema": 0,
}
POSTGRESQL_PROMISES: dict[str, object] = {
    "lock_timeout": "10s",
    "statement_timeout": "1min",
    "idle_in_transaction_session_timeout": "1min",
}
FIRST_WITHOUT_THE_WAL_RESET_FAULT = (3, 51, 3)

Sessions = sessionmaker[Session]


@pytest.fixture
def counted(session_factory: Sessions) -> Iterator[Sessions]:
    """A table with one number, 0."""
    with session_factory.begin() as session:
        session.execute(text("CREATE TABLE counted (number INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counted VALUES (0)"))
    yield session_factory
    with session_factory.begin() as session:
        session.execute(text("DROP TABLE counted"))


def reading(session: Session) -> Session:
    session.connection(execution_options={"writes": False})
    return session


@pytest.mark.both_databases
def test_connections_promise_what_the_design_asks(settings: Settings) -> None:
    engine = open_engine(settings.sqlalchemy_url)  # its own: other tests leave syncing out
    on_sqlite = engine.dialect.name == "sqlite"
    ask, promised = ("PRAGMA", SQLITE_PROMISES) if on_sqlite else ("SHOW", POSTGRESQL_PROMISES)

    with engine.connect() as connection:
        found = {name: connection.scalar(text(f"{ask} {name}")) for name in promised}
        version = connection.scalar(text("SELECT sqlite_version()")) if on_sqlite else None
    engine.dispose()

    assert found == promised
    if version is not None:
        assert tuple(map(int, version.split("."))) >= FIRST_WITHOUT_THE_WAL_RESET_FAULT


@pytest.mark.both_databases
def test_writers_at_once_wait_their_turn_and_lose_nothing(counted: Sessions) -> None:
    def count(_writer: int) -> None:
        for _ in range(TIMES):
            with counted.begin() as session:
                session.execute(WRITE, {"number": session.scalars(READ).one() + 1})

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(count, range(WRITERS)))  # raises what any of them raised

    with counted() as session:
        assert session.scalar(READ) == WRITERS * TIMES


def test_who_did_not_say_that_it_writes_is_refused_where_another_was_faster(
    settings: Settings, counted: Sessions
) -> None:
    """On SQLite such a transaction cannot wait: what it read is no longer so."""
    if settings.database_url is not None:
        pytest.skip("is about SQLite")
    with counted() as late:
        seen = reading(late).scalars(READ).one()
        with counted.begin() as quick:
            quick.execute(WRITE, {"number": 7})

        with pytest.raises(OperationalError, match="locked"):
            late.execute(WRITE, {"number": seen + 1})

    with counted() as session:
        assert session.scalar(READ) == 7


@pytest.mark.both_databases
def test_readers_wait_for_no_writer(counted: Sessions) -> None:
    with counted.begin() as writer:
        writer.execute(WRITE, {"number": 7})
        begun = time.monotonic()
        with counted() as session:
            assert reading(session).scalar(READ) == 0
        waited = time.monotonic() - begun

    assert waited < 2  # a writer in its place waits for ten seconds
    with counted() as session:
        assert reading(session).scalar(READ) == 7
