"""Work on many rows, shared among threads. Worth it for what runs without Python's lock."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

THREADS = 2


def shared(work: Callable[[Piece], Result], pieces: Iterable[Piece]) -> list[Result]:
    """The result of each piece, in their order. The work must not share work in its turn: all
    threads might wait for others.
    """
    return list(_pool().map(work, pieces))


@cache
def _pool() -> ThreadPoolExecutor:
    """One for all: starting threads for each piece of work would take longer than some of it."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix="matching")


os.register_at_fork(after_in_child=_pool.cache_clear)
