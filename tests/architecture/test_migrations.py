"""The migrations make exactly the schema that the models describe, and can be undone."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from app.core.database import open_engine
from app.core.migrations import alembic_config, migrate
from app.model_registry import metadata


def test_the_migrated_schema_is_the_models_schema(migrated_database: Path) -> None:
    engine = open_engine(f"sqlite+pysqlite:///{migrated_database}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_every_migration_can_be_undone_and_done_again(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite+pysqlite:///{tmp_path / 'updown.sqlite3'}")
    migrate(engine)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}

    migrate(engine)

    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
