"""What somebody with all rights on the database could do to the journal."""

from sqlalchemy import text
from sqlalchemy.orm import Session


def let_events_be_changed(session: Session) -> None:
    """Take away the guard that refuses changes of events."""
    where = "" if session.get_bind().dialect.name == "sqlite" else " ON events"
    session.execute(text(f"DROP TRIGGER events_append_only_update{where}"))
