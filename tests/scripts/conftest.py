"""The demo in a database: seeded once, copied for each test."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.core.database import open_engine, session_maker
from app.core.settings import Settings
from scripts.seed_demo import seed
from tests.conftest import NOON


@pytest.fixture(scope="session")
def seeded_database(migrated_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with the demo in it, seeded at ``NOON``."""
    path = tmp_path_factory.mktemp("demo") / "seeded.sqlite3"
    shutil.copy(migrated_database, path)
    engine = open_engine(f"sqlite+pysqlite:///{path}")
    with session_maker(engine)() as session, session.begin():
        seed(session, now=NOON)
    engine.dispose()
    return path


@pytest.fixture
def seeded(settings: Settings, seeded_database: Path, session: Session) -> Session:
    """A session on the test's own copy of the demo."""
    shutil.copy(seeded_database, settings.data_dir / "quaylink.sqlite3")
    return session
