"""Everything a database holds, to see whether anything changed."""

from typing import Any

from sqlalchemy import inspect, select, table, text
from sqlalchemy.orm import Session

NOTING = frozenset({"personal_tokens", "attempts"})
"""Tables that note when a token was used and how often somebody tried, as every request may; on
SQLite attempts are counted in a file of their own."""


def contents(session: Session) -> dict[str, list[Any]]:
    """Return every row of every table, in a fixed order, but for notes about who asked."""
    connection = session.connection()
    names = sorted(set(inspect(connection).get_table_names()) - NOTING)
    return {
        name: sorted(
            map(tuple, connection.execute(select(text("*")).select_from(table(name)))), key=repr
        )
        for name in names
    }
