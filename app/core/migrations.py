"""Bring a database to the schema of this code."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

FOLDER = Path(__file__).parents[2] / "migrations"


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


def migrate(engine: Engine, revision: str = "head") -> None:
    """Apply every migration up to ``revision``."""
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)
