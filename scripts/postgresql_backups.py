"""PostgreSQL in a backup: its own programs dump one moment and bring it back."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, column, inspect, literal_column, make_url, select, text
from sqlalchemy import table as table_named
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.database import open_engine
from app.core.journal_chain import head_of
from app.core.migrations import present_revision
from app.matches.vector_table import SCHEMA as CACHE
from scripts.backups import BackupRefused, Moment, Table, digest_of_rows

PLAIN = ("--no-owner", "--no-privileges")


def dump(url: str, target: Path) -> Moment:
    """Write the database into a file and return what is in it: both of the same moment.

    :raises BackupRefused: if the database cannot be reached or its programs are missing
    """
    engine = open_engine(url)
    options = {"writes": False, "isolation_level": "REPEATABLE READ"}
    try:
        with engine.connect().execution_options(**options) as connection, connection.begin():
            # The transaction is silent while the other program dumps what it has seen.
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            kept = (f"--snapshot={snapshot}", f"--file={target}", "--format=custom")
            _run("pg_dump", url, *PLAIN, f"--exclude-schema={CACHE}", *kept)
            with Session(connection) as session:
                head = head_of(session)
                return Moment(present_revision(connection), head, tables_of(connection))
    except DBAPIError as error:
        raise BackupRefused(f"The database cannot be read: {error.orig}") from None
    finally:
        engine.dispose()


def bring_back(source: Path, url: str) -> None:
    """Fill an empty database from a dump, as a whole or not at all.

    :raises BackupRefused: if it is not empty, cannot be reached, or its programs are missing
    """
    engine = open_engine(url)
    try:
        with engine.connect().execution_options(writes=False) as connection:
            if inspect(connection).get_table_names():
                raise BackupRefused("The database is not empty: name a new one.")
    except DBAPIError as error:
        raise BackupRefused(f"The database cannot be reached: {error.orig}") from None
    finally:
        engine.dispose()
    # Records alone: the extension behind the cache need not be there, nor the right to add it.
    _run("pg_restore", url, *PLAIN, "--schema=public", "--single-transaction", str(source))


def tables_at(url: str) -> dict[str, Table]:
    """Return what every table of the database behind a URL holds."""
    engine = open_engine(url)
    with engine.connect().execution_options(writes=False) as connection:
        found = tables_of(connection)
    engine.dispose()
    return found


def tables_of(connection: Connection) -> dict[str, Table]:
    """Return what every table of a database holds."""
    keys = inspect(connection).get_multi_pk_constraint()
    return {
        name: digest_of_rows(_rows(connection, name, key["constrained_columns"]))
        for (_, name), key in sorted(keys.items())
    }


def _rows(connection: Connection, table: str, key: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    order: list[Any] = [column(name) for name in key] or [literal_column("1")]
    statement: Select[Any] = (
        select(literal_column("*")).select_from(table_named(table)).order_by(*order)
    )
    for row in connection.execute(statement):
        yield tuple(row)


def _run(program: str, url: str, *arguments: str) -> None:
    """Run a program of PostgreSQL; the password is in no list of processes."""
    found = shutil.which(program)
    if found is None:
        raise BackupRefused(
            f"{program} is missing: install PostgreSQL's client programs (postgresql-client), not "
            "older than the server."
        )
    parsed = make_url(url)
    address = parsed.set(drivername="postgresql", password=None).render_as_string()
    done = subprocess.run(  # noqa: S603 -- the programs of the database, with our own settings
        [found, f"--dbname={address}", *arguments],
        env={"PATH": os.defpath, "PGPASSWORD": parsed.password or ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupRefused(f"{program} ended with {done.returncode}: {done.stderr.strip()}")
