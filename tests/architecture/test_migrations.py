"""The migrations make exactly the schema that the models describe, and can be undone."""

import ast
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select

from app.challenges.models import Challenge, Mode
from app.core.database import open_engine, session_maker
from app.core.migrations import alembic_config, migrate
from app.model_registry import metadata

MIGRATIONS = Path(__file__).parents[2] / "migrations" / "versions"


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


def truth_defaults(source: str) -> list[str]:
    """Return what columns of yes and no are by default, as a migration writes it."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        ast.unparse(keyword.value)
        for call in calls
        if any("sa.Boolean" in ast.unparse(part) for part in [*call.args, *call.keywords])
        for keyword in call.keywords
        if keyword.arg == "server_default"
    ]


def test_yes_and_no_are_no_numbers() -> None:
    """PostgreSQL refuses a number where a truth value belongs."""
    assert truth_defaults('sa.Column("x", sa.Boolean(), server_default=sa.text("0"))') == [
        "sa.text('0')"
    ]

    found = {
        each for path in MIGRATIONS.glob("*.py") for each in truth_defaults(path.read_text("utf-8"))
    }

    assert found == {"sa.false()", "sa.true()"}


def test_challenges_from_before_keep_their_text_and_take_on_what_is_new(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite+pysqlite:///{tmp_path / 'old.sqlite3'}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "202611220502")
        connection.exec_driver_sql(
            "INSERT INTO organisations (id, slug, name, kind, lang, summary, city, country, "
            "website, size, field_ids, is_sample, source, created_at, version) VALUES (1, 'port', "
            "'Port', 'public_body', 'en', '', '', 'DE', '', '', '[]', 0, '', "
            "'2030-05-01 09:00:00', 1)"
        )
        connection.exec_driver_sql(
            "INSERT INTO challenges (id, owner_id, without_cluster, state, lang, title, summary, "
            "need, success_measure, field_ids, place, budget_reason, conditions, "
            "answer_languages, what_happens_next, created_at, updated_at, is_sample, source, "
            "source_url, version) VALUES (1, 1, 0, 'open', 'en', 'Shore power', '', "
            "'Engines run.', '', '[]', '', '', '', '[]', '', '2030-05-01 09:00:00', "
            "'2030-05-01 09:00:00', 0, '', '', 1)"
        )

    migrate(engine)

    with session_maker(engine)() as session:
        (challenge,) = session.scalars(select(Challenge))
        assert (challenge.title, challenge.need) == ("Shore power", "Engines run.")
        assert (challenge.mode, challenge.ending) == (Mode.DEADLINE, None)
        assert (challenge.answer_kinds, challenge.answer_countries) == ([], [])
        assert challenge.takes_questions(datetime(2030, 6, 1, tzinfo=UTC))
