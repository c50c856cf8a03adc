"""Bring a database to the schema of this code."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

logger = logging.getLogger(__name__)

STATEMENT_TIMEOUT = "10min"
_ONE_MIGRATOR = 0x7175_6D69
_LOCK_NOT_AVAILABLE = "55P03"
FOLDER = Path(__file__).parents[2] / "migrations"


@dataclass(frozen=True)
class Patience:
    """How long a migration waits for its locks, how often it tries again, and after how long.

    Whoever comes later queues behind it, so it is better to try again than to wait.
    """

    lock_timeout: str = "5s"
    pauses: Sequence[float] = (1.0, 2.0, 5.0, 10.0, 20.0)
    sleep: Callable[[float], None] = time.sleep


PATIENCE = Patience()


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration for an open connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@cache
def newest_revision() -> str | None:
    """Return the revision that this code was written for."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def knows(revision: str) -> bool:
    """Whether a revision is one of this code's."""
    known = ScriptDirectory(str(FOLDER)).walk_revisions()
    return revision in {each.revision for each in known}


def present_revision(connection: Connection) -> str | None:
    """Return the revision that a database is at, or None if it has no schema yet."""
    return MigrationContext.configure(connection).get_current_revision()


def is_ahead(revision: str | None) -> bool:
    """Whether a revision is later than this code: an update has begun, and this process is old.

    Such a schema still has all that this code needs (docs/deployment.md, "Update").
    """
    newest = newest_revision()
    return bool(revision and newest and revision.isdigit() and revision > newest)


def migrate(engine: Engine, revision: str = "head", *, patience: Patience = PATIENCE) -> None:
    """Apply every migration up to ``revision``; nothing, if a later code has been here already.

    On PostgreSQL others go on working meanwhile: one process migrates at a time, each migration
    is a transaction of its own, and one that does not get its locks steps back and tries again.

    :raises OperationalError: if it did not get its locks after all; nothing is half done
    """
    if engine.dialect.name == "postgresql":
        _migrate_online(engine, revision, patience)
        return
    with engine.begin() as connection:
        if not is_ahead(present_revision(connection)):
            command.upgrade(alembic_config(connection), revision)


def _migrate_online(engine: Engine, revision: str, patience: Patience) -> None:
    with engine.connect().execution_options(writes=False) as connection:
        connection.detach()  # closing it ends its settings and its lock, whatever happens
        with connection.begin():
            connection.exec_driver_sql("SET lock_timeout = 0; SET statement_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({_ONE_MIGRATOR})")
            connection.exec_driver_sql(f"SET lock_timeout = '{patience.lock_timeout}'")
            connection.exec_driver_sql(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
            ahead = is_ahead(present_revision(connection))
        if ahead:
            return
        for pause in (*patience.pauses, None):
            try:
                command.upgrade(alembic_config(connection), revision)
            except OperationalError as error:
                if pause is None or getattr(error.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                    raise
                logger.warning("schema: somebody holds a lock, again in %s seconds", pause)
                patience.sleep(pause)
            else:
                return
