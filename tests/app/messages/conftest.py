"""A worker that asks readers when they want their mail, as the real one does."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.core.job_runner import JobRunner
from app.core.links import Links
from app.core.settings import Settings, signing_key
from app.core.signed_tokens import SignedTokens
from app.matches.engine_room import EngineRoom
from app.worker import all_handlers
from tests.conftest import FakeClock, KeptMail


@pytest.fixture
def worker(
    settings: Settings,
    session_factory: sessionmaker[Session],
    clock: FakeClock,
    mail: KeptMail,
    engine_room: EngineRoom,
) -> JobRunner:
    handlers = all_handlers(settings, mail, engine_room, clock)
    return JobRunner(session_factory, handlers, clock)


@pytest.fixture
def links(settings: Settings, clock: FakeClock) -> Links:
    return Links(settings.base_url, SignedTokens(signing_key(settings), clock))
