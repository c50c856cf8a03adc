"""How often one person, address or mailbox may try something; counted for all processes at once.

The counts lie in the database, so that neither a restart nor a further process forgets them. With
SQLite they have a file of their own: what is refused must be counted although its request is rolled
back, and a second writer in the same file would wait for that request for ever.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Index,
    Table,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import SKEW, system_clock
from app.core.database import Base
from app.core.errors import TooManyAttempts
from app.core.i18n import N_

FILE = "limits.sqlite3"
SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}


class Attempt(Base):
    """One attempt that still counts; who tried what is kept as a hash alone."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_key_hash", "key_hash", "expires_at"),
        Index("ix_attempts_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str]
    expires_at: Mapped[datetime]


def parse(limit: str) -> tuple[int, timedelta]:
    """Return how often within how long, for instance of ``5/minute``."""
    found = re.fullmatch(r"(\d+)/(minute|hour|day)", limit)
    if found is None:
        raise ValueError(f"not a limit: {limit!r}")
    return int(found[1]), timedelta(seconds=SECONDS[found[2]])


def engine_beside(database: Engine, data_dir: Path) -> Engine:
    """Return the engine that counts: a file of its own beside SQLite, else the database itself."""
    if database.dialect.name != "sqlite":
        # Marked as not writing, it does not queue behind the one writer: that may be the very
        # request whose attempt is counted.
        return database.execution_options(writes=False)
    engine = create_engine(
        f"sqlite+pysqlite:///{data_dir / FILE}", module=import_module("pysqlite3.dbapi2")
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    table = Attempt.__table__
    assert isinstance(table, Table)  # noqa: S101 -- what a mapped class has
    with engine.begin() as connection:
        table.create(connection, checkfirst=True)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    # Counts may be lost with the power, not with the process: nothing waits for the disk.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=OFF", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


class RateLimits:
    """Counts attempts per key in moving windows.

    :param open_engine: where the counts lie; asked for at the first attempt
    :param key: keys the hashes, so that the table alone does not tell who tried
    :param observe: told what was tried too often
    """

    def __init__(
        self,
        open_engine: Callable[[], Engine],
        key: str,
        *,
        clock: Callable[[], datetime] = system_clock,
        observe: Callable[[str], None] = lambda _what: None,
    ) -> None:
        self._engine = cache(open_engine)
        self._key = blake2b(key.encode()).digest()
        self._clock = clock
        self._observe = observe

    def count(self, limit: str, *key: str) -> None:
        """Count one attempt, for instance ``count("5/minute", "sign-in", email)``.

        :raises TooManyAttempts: when the window is full
        """
        most, window = parse(limit)
        hashed, now = self._hash(limit, key), self._clock()
        with self._engine().begin() as connection:
            _lock(connection, hashed)
            _forget_old(connection, now)
            # What ends later than anything can was counted by a clock that has been put back.
            counted = select(func.count(Attempt.id)).where(
                Attempt.key_hash == hashed,
                Attempt.expires_at > now,
                Attempt.expires_at <= now + window + SKEW,
            )
            has_room = (connection.scalar(counted) or 0) < most
            if has_room:
                connection.execute(insert(Attempt).values(key_hash=hashed, expires_at=now + window))
        if not has_room:
            self._observe(key[0])
            raise TooManyAttempts(N_("That was tried too often. Wait a few minutes and try again."))

    def forget(self, limit: str, *key: str) -> None:
        """Forget the attempts counted under a key, for instance after the right password."""
        with self._engine().begin() as connection:
            own = Attempt.key_hash == self._hash(limit, key)
            connection.execute(delete(Attempt).where(own))

    def close(self) -> None:
        """Leave no connection open; the next attempt opens one again."""
        if self._engine.cache_info().currsize:
            self._engine().dispose()

    def _hash(self, limit: str, key: tuple[str, ...]) -> str:
        parts = "\0".join((limit, *(part.casefold() for part in key)))
        return blake2b(parts.encode(), key=self._key, digest_size=20).hexdigest()


def _forget_old(connection: Connection, now: datetime) -> None:
    # Whoever counts at the same time may be at it; what they hold is theirs to delete.
    old = select(Attempt.id).where(Attempt.expires_at <= now).with_for_update(skip_locked=True)
    connection.execute(delete(Attempt).where(Attempt.id.in_(old)))


def _lock(connection: Connection, hashed: str) -> None:
    """Let nobody else count the same key until this transaction ends; SQLite lets nobody anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(int(hashed[:15], 16))))
