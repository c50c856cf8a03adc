"""Make valid rows with one call; say only what the test is about."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.core.database import Base

EARLIER = datetime(2030, 5, 1, 9, tzinfo=UTC)
numbers = count(1)
_sessions: list[Session] = []

Row = TypeVar("Row", bound=Base)


@contextmanager
def using(session: Session) -> Iterator[None]:
    """Let factories write through this session."""
    _sessions.append(session)
    yield
    _sessions.pop()


def find(statement: Select[Row]) -> Sequence[Row]:
    """Return the rows that are there already."""
    return _sessions[-1].scalars(statement).all()


def save(row: Row) -> Row:
    """Write one row and commit, so that requests see it."""
    _sessions[-1].add(row)
    _sessions[-1].commit()
    return row
