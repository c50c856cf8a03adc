"""The migrations make exactly the schema that the models describe, and can be undone."""

import ast
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select

from app.challenges.models import Challenge, Mode
from app.core.database import open_engine, session_maker
from app.core.migrations import (
    Patience,
    alembic_config,
    migrate,
    newest_revision,
    present_revision,
)
from app.core.settings import Settings
from app.model_registry import metadata
from app.monitoring.models import CountedMatch
from tests.postgresql import TEMPLATE, TestServer

MIGRATIONS = Path(__file__).parents[2] / "migrations" / "versions"


# On SQLite nothing tells what an index on an expression is made of; on PostgreSQL it is compared.
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression")
@pytest.mark.both_databases
def test_the_migrated_schema_is_the_models_schema(settings: Settings) -> None:
    engine = open_engine(settings.sqlalchemy_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


@pytest.mark.both_databases
def test_every_migration_can_be_undone_and_done_again(settings: Settings) -> None:
    engine = open_engine(settings.sqlalchemy_url)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}

    migrate(engine)

    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()


@pytest.mark.both_databases
def test_code_that_an_update_has_overtaken_leaves_the_schema_alone(settings: Settings) -> None:
    engine = open_engine(settings.sqlalchemy_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '299901010000'")

    migrate(engine)

    with engine.connect() as connection:
        assert present_revision(connection) == "299901010000"
    engine.dispose()


def test_a_migration_that_gets_no_lock_steps_back_and_tries_again(
    postgresql: TestServer,
) -> None:
    waits: list[float] = []

    def wait(pause: float) -> None:
        waits.append(pause)
        if len(waits) == 2:
            reading.rollback()

    with postgresql.lent(template=TEMPLATE) as url:
        engine = open_engine(url)
        with engine.begin() as connection:
            command.downgrade(alembic_config(connection), "-1")
        tables = inspect(engine).get_table_names()
        behind = engine.connect()
        reading = behind.execution_options(writes=False).begin()
        for table in tables:  # somebody reads everything and does not end
            behind.exec_driver_sql(f"LOCK TABLE {table} IN ACCESS SHARE MODE")
        behind.exec_driver_sql("LOCK TABLE alembic_version IN EXCLUSIVE MODE")

        migrate(engine, patience=Patience(lock_timeout="50ms", sleep=wait))

        with engine.connect() as connection:
            assert present_revision(connection) == newest_revision()
        behind.close()
        engine.dispose()
    assert waits == [1.0, 2.0]


def test_two_processes_that_start_at_once_migrate_once(postgresql: TestServer) -> None:
    with postgresql.lent() as url:
        engines = [open_engine(url) for _ in range(2)]
        with ThreadPoolExecutor() as pool:
            list(pool.map(migrate, engines))

        for engine in engines:
            with engine.connect() as connection:
                assert present_revision(connection) == newest_revision()
            engine.dispose()


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


def test_matches_counted_before_are_found_by_their_cluster(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite+pysqlite:///{tmp_path / 'old.sqlite3'}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "202611290102")
    with closing(sqlite3.connect(tmp_path / "old.sqlite3")) as database:  # with no foreign keys
        _fill(database, "counted_challenges", challenge_id=1, home_id=7)
        _fill(database, "counted_challenges", challenge_id=2, home_id=None)
        _fill(database, "counted_matches", match_id=1, challenge_id=1)
        _fill(database, "counted_matches", match_id=2, challenge_id=2)
        database.commit()

    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "202611290157")

    found = select(CountedMatch.match_id, CountedMatch.home_id).order_by(CountedMatch.match_id)
    with session_maker(engine)() as session:
        assert session.execute(found).all() == [(1, 7), (2, None)]


def _fill(database: sqlite3.Connection, table: str, **values: int | None) -> None:
    """Add a row whose other columns hold whatever their table takes."""
    columns = [
        (name, must) for _, name, _, must, *_ in database.execute(f"PRAGMA table_info({table})")
    ]
    row = {name: 0 for name, must in columns if must} | values
    places = ", ".join(f":{name}" for name in row)
    database.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", row)  # noqa: S608 -- our own names
