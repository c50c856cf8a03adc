"""How many statements a request sent to the database, and how long they took."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event

_BEGUN = "quaylink_begun"


@dataclass
class Effort:
    """Statements and seconds so far."""

    statements: int = 0
    seconds: float = 0.0


# One object for a whole request: threads get copies of the context, but of the same object.
_effort: ContextVar[Effort | None] = ContextVar("effort", default=None)


@contextmanager
def measured() -> Iterator[Effort]:
    """Add up what this context, and the threads it starts, ask of the database."""
    effort = Effort()
    token = _effort.set(effort)
    try:
        yield effort
    finally:
        _effort.reset(token)


def watch(engine: Engine) -> None:
    """Let the engine tell how long its statements take."""
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)


def _begin(connection: Any, *_statement: Any) -> None:
    if _effort.get() is not None:
        connection.info[_BEGUN] = perf_counter()


def _end(connection: Any, *_statement: Any) -> None:
    effort, begun = _effort.get(), connection.info.pop(_BEGUN, None)
    if effort is not None and begun is not None:
        effort.statements += 1
        effort.seconds += perf_counter() - begun
