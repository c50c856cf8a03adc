"""All or nothing: what a refused action has begun is undone, in the database and in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value


@contextmanager
def all_or_nothing(session: Session) -> Iterator[None]:
    """Do what follows whole, or leave no trace of it if it raises.

    A request commits when its route returns, and a route that shows a form again does return. So
    whoever catches a refusal catches it outside of this block: then what the action had written is
    gone, and the objects that the page shows are as they were, relationships included.
    """
    savepoint = session.begin_nested()  # flushes first: what is loaded now is what is stored
    before = [(row, _copy(inspect(row).dict)) for row in session.identity_map.values()]
    try:
        yield
    except BaseException:
        savepoint.rollback()
        for row, values in before:
            _restore(row, values)
        raise
    savepoint.commit()


def _copy(values: dict[str, Any]) -> dict[str, Any]:
    """Return the loaded attributes; an action may change a list or a mapping in place."""
    return {key: _plain(value) for key, value in values.items() if key != "_sa_instance_state"}


def _plain(value: Any) -> Any:
    for kind in (list, dict, set):
        if isinstance(value, kind):
            return kind(value)
    return value


def _restore(row: Any, values: dict[str, Any]) -> None:
    # A rollback forgets what it is not sure of, and forgotten relationships are not loaded lazily.
    for key, value in values.items():
        set_committed_value(row, key, value)
