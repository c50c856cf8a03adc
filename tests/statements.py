"""Count what a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker


@contextmanager
def statements(session_factory: sessionmaker[Session]) -> Iterator[list[str]]:
    """Collect every statement that is sent to the database inside the block, but for the lock with
    which a transaction begins on PostgreSQL.
    """
    engine = session_factory.kw["bind"]
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("SELECT pg_advisory_xact_lock"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
