"""Write a migration from what the models say and the newest schema lacks."""

import argparse
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

import app.model_registry
from app.core.clock import system_clock
from app.core.database import open_engine
from app.core.migrations import alembic_config, migrate


def main() -> None:
    """Write ``migrations/versions/<moment>_<words>.py``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", help="what it does, such as 'Add reviews'")
    message = parser.parse_args().words
    with TemporaryDirectory() as folder:
        make(message, Path(folder), system_clock())


def make(message: str, folder: Path, now: datetime) -> None:
    """Compare the models with a database at the newest revision and write the difference."""
    assert app.model_registry.metadata.tables  # noqa: S101 -- the import registers every table
    engine = open_engine(f"sqlite+pysqlite:///{folder / 'compare.sqlite3'}")
    migrate(engine)
    with engine.connect() as connection:
        command.revision(
            alembic_config(connection),
            message,
            autogenerate=True,
            rev_id=f"{now:%Y%m%d%H%M}",
        )


if __name__ == "__main__":
    main()
