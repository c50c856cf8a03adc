"""Engine, session per request, declarative base."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from importlib import import_module
from typing import Annotated, Any, TypeVar, TypeVarTuple

from anyio import CancelScope, CapacityLimiter, to_thread
from fastapi import Depends, Request
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Row,
    Select,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from typing_extensions import override

from app.core import effort
from app.core.turns import MOST_CONNECTIONS, Turn

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
ADDRESS = "network_address"
"""Key in ``Session.info``: where the request behind the transaction came from, if one did."""
READING = "reading"
"""Key in ``Session.info``: the same engine, whose transactions only read."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# Full synchronisation: an acknowledged change survives a power cut. Reasons in docs/decisions.
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    "cache_size=-32000",
    "trusted_schema=OFF",
)

# Whoever waits ten seconds for a lock is told, as on SQLite; a transaction that says nothing for a
# minute belongs to a process that hangs, and ends, since the next writer waits for it.
POSTGRESQL_OPTIONS = " ".join(
    f"-c {setting}"
    for setting in (
        "lock_timeout=10s",
        "statement_timeout=60s",
        "idle_in_transaction_session_timeout=60s",
        "timezone=UTC",
    )
)
ONE_WRITER = 0x7175_6179
"""Number of the lock that a writing transaction holds on PostgreSQL."""
# No connection is opened for one request only: reading the schema takes longer than most pages.
# The last one given back goes out first, since it remembers most.
POOL: Mapping[str, Any] = {
    "pool_size": MOST_CONNECTIONS, "max_overflow": 0, "pool_use_lifo": True,
}  # fmt: skip

OpenSession = Callable[[], Session]
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Columns = TypeVarTuple("Columns")


class UtcDateTime(TypeDecorator[datetime]):
    """Refuse naive datetimes on the way in; return aware UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    """Parent of every table."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {
        datetime: UtcDateTime,
        # Values, not names, and plain text: a new member needs no migration.
        Enum: SqlEnum(
            Enum, native_enum=False, length=40, values_callable=lambda e: [m.value for m in e]
        ),
    }


def open_engine(url: str) -> Engine:
    """Return an engine with our settings for the database behind the URL.

    :raises ValueError: if it is neither SQLite nor PostgreSQL
    """
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        engine = _open_sqlite(parsed)
    elif kind in {"postgresql", "postgres"}:
        engine = _open_postgresql(parsed.set(drivername="postgresql+psycopg"))
    else:
        raise ValueError(f"QUAYLINK_DATABASE_URL: sqlite or postgresql, not {kind}")
    effort.watch(engine)
    return engine


def _open_sqlite(url: URL) -> Engine:
    # The bundled SQLite is newer than Debian's, which has the WAL-reset fault.
    sqlite = import_module("pysqlite3.dbapi2")
    # What people wrote is in the parameters of statements; it has no place in a log.
    engine = create_engine(url, module=sqlite, hide_parameters=True, **POOL)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        # The server may have been restarted since; found out before a transaction begins.
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": POSTGRESQL_OPTIONS, "connect_timeout": 5},
        **POOL,
    )
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy, not the driver, begins transactions
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


class _WithoutNul(StrDumperUnknown):
    """Sends texts to PostgreSQL, which can hold no NUL. In what is stored it has been refused by
    then; in what is looked for it shall find nothing.
    """

    @override
    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}"))


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    connection.adapters.register_dumper(str, _WithoutNul)


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns into a write fails at once when another writer was faster;
    # an immediate one waits its turn.
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    # What is read before a decision must still be so when the decision is written: as on SQLite,
    # writers queue and readers never wait.
    if connection.get_execution_options().get("writes", True):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_WRITER})")


def session_maker(engine: Engine) -> sessionmaker[Session]:
    """Return a factory of sessions whose objects stay readable after commit."""
    reading = engine.execution_options(writes=False)
    return sessionmaker(engine, expire_on_commit=False, info={READING: reading})


def is_writing(session: Session) -> bool:
    """Whether the running transaction may write; pages that only show things may not."""
    return bool(session.connection().get_execution_options().get("writes", True))


def writes(endpoint: Endpoint) -> Endpoint:
    """Mark a GET endpoint whose transaction writes (first view of an invitation, say)."""
    endpoint.writes = True  # type: ignore[attr-defined]  # read back in open_session
    return endpoint


async def open_session(request: Request, _turn: Turn) -> AsyncIterator[Session]:
    """One request, one transaction: commit when the route returns, roll back when it raises.

    It begins with the first statement, in the thread of whoever asks, and its end is the only thing
    that takes a thread here: to wake one up costs as much as a short query.
    """
    session: Session = request.app.state.session_factory()
    session.info[ADDRESS] = request.client.host if request.client else ""
    if request.method in SAFE_METHODS and not hasattr(request.scope["endpoint"], "writes"):
        session.bind = session.info[READING]
    request.state.session = session  # for the frame of pages, which no route passes it to
    try:
        yield session
    except BaseException:
        await _in_a_thread(session.close)
        raise
    else:
        await _in_a_thread(partial(_commit, session, request))
    finally:
        request.state.session = None


async def _in_a_thread(end: Callable[[], None]) -> None:
    # Whoever is not waited for any more leaves no transaction behind. Not one of the threads that
    # others wait for: these may wait in them for the connection that is given back here.
    with CancelScope(shield=True):
        await to_thread.run_sync(end, limiter=CapacityLimiter(1))


def _commit(session: Session, request: Request) -> None:
    """Commit, and remember if nobody can say whether that arrived."""
    with session:
        session.flush()
        try:
            session.commit()
        except DBAPIError as error:
            request.state.is_unsure = error.connection_invalidated
            raise


@contextmanager
def own_transaction(request: Request) -> Iterator[Session]:
    """Open a short transaction beside the request's, which only reads and may last longer."""
    with request.app.state.session_factory() as session, session.begin():
        session.info[ADDRESS] = request.client.host if request.client else ""
        yield session


# scope="function" makes the commit happen before the response leaves; the default is after.
DbSession = Annotated[Session, Depends(open_session, scope="function")]


def plain_rows(
    session: Session, statement: Select[*Columns], wanted: Mapping[str, Any]
) -> Sequence[Row[*Columns]]:
    """Return rows of a statement that asks for columns alone, in less time than a session takes.

    What is pending is written first, as the session itself would. The rest of what a session does
    for objects, row by row and column by column, is left out: columns have no use for it. They are
    fetched at once, which is quicker than one by one.
    """
    session.flush()
    return session.connection().execute(statement, wanted).all()
