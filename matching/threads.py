"""Work on many rows, shared among threads. Worth it for what runs without Python's lock."""

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

HELPERS = 1
"""Beside whoever asks: there are two cores."""


def shared(work: Callable[[Piece], Result], pieces: Iterable[Piece]) -> list[Result]:
    """The result of each piece, in their order. Whoever asks works as well, so nobody waits for
    helpers that are busy elsewhere; handing all of it over takes longer than some of the work.
    """
    waiting = deque(enumerate(pieces))
    found: dict[int, Result] = {}

    def work_off() -> None:
        while True:
            try:
                number, piece = waiting.popleft()
            except IndexError:
                return
            found[number] = work(piece)

    helpers = [_pool().submit(work_off) for _ in range(HELPERS)]
    work_off()
    for helper in helpers:
        if not helper.cancel():
            helper.result()
    return [found[number] for number in range(len(found))]


@cache
def _pool() -> ThreadPoolExecutor:
    """One for all: starting threads for each piece of work would take longer than some of it."""
    return ThreadPoolExecutor(HELPERS, thread_name_prefix="matching")


os.register_at_fork(after_in_child=_pool.cache_clear)
