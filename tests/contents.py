"""Everything a database holds, to see whether anything changed."""

from typing import Any

from sqlalchemy.orm import Session

NOTING = frozenset({"personal_tokens"})
"""Tables that note when a token was used, which every request of a program does."""


def contents(session: Session) -> dict[str, list[Any]]:
    """Return every row of every table, but for notes about the tokens of programs."""
    connection = session.connection()
    named = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    tables = [name for (name,) in connection.exec_driver_sql(named)]
    return {
        table: [tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"')]  # noqa: S608 -- our own tables
        for table in tables
        if table not in NOTING
    }
