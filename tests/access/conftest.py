"""The world of doors: made once in a process, and each test that asks for it has a copy."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.database import open_engine, session_maker
from tests.access.world import World, make_world
from tests.conftest import SQLITE, database_of
from tests.engines import familiar
from tests.factories import using
from tests.postgresql import TEMPLATE, TestServer


@pytest.fixture(scope="session")
def world_in_file(
    migrated_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, World]:
    """A file with SQLite in which a world is, and what is where in it."""
    path = tmp_path_factory.mktemp("database") / "world.sqlite3"
    shutil.copy(migrated_database, path)
    return str(path), _make_world_in(f"sqlite+pysqlite:///{path}")


@pytest.fixture(scope="session")
def world_in_template(postgresql: TestServer) -> tuple[str, World]:
    """The name of a template of PostgreSQL in which a world is, and what is where in it."""
    name = postgresql.make(template=TEMPLATE)
    return name, _make_world_in(postgresql.url(name))


@pytest.fixture
def made_world(request: pytest.FixtureRequest) -> tuple[str, World]:
    """The one of the two that is for this test."""
    is_file = database_of(request.node) == SQLITE
    made: tuple[str, World] = request.getfixturevalue(
        "world_in_file" if is_file else "world_in_template"
    )
    return made


@pytest.fixture
def begins_with(request: pytest.FixtureRequest, begins_with: str) -> str:
    """The world for tests that ask for it, nothing for all others."""
    if "world" not in request.fixturenames:
        return begins_with
    source: str = request.getfixturevalue("made_world")[0]
    return source


@pytest.fixture
def world(session: Session, made_world: tuple[str, World]) -> World:
    """The world of doors, whose people belong to the test's own session."""
    made = made_world[1].people
    ids = [user.id for user in made.values() if user]
    known = {user.id: user for user in session.scalars(select(User).where(User.id.in_(ids)))}
    people = {who: user and known[user.id] for who, user in made.items()}
    return replace(made_world[1], people=people)


def _make_world_in(url: str) -> World:
    engine = familiar(open_engine(url))
    with session_maker(engine)() as session, using(session):
        made = make_world()
    engine.dispose()
    return made
