"""How many requests use the database at once; the others wait without holding anything.

A request holds its connection while it waits for a thread, and may need a second one for a moment.
Where more requests hold one than there are, those in threads wait for a connection and those with
a connection for a thread, and nobody goes on. So connections are taken in turns, and there are
enough of them for everybody whose turn it is.
"""

import asyncio
from asyncio import AbstractEventLoop, Semaphore
from collections.abc import AsyncIterator
from threading import Lock
from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import Depends, Request

from app.core.arriving import Arrived

MOST_AT_ONCE = 12
"""Requests. Python computes one at a time anyway; the others wait for the disk or for a lock."""
MOST_CONNECTIONS = 2 * MOST_AT_ONCE + 6
"""Two for each request, and some for the workers beside."""


class Turns:
    """Lets so many through at once, in the order in which they come."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._lock = Lock()
        self._of_loops: WeakKeyDictionary[AbstractEventLoop, Semaphore] = WeakKeyDictionary()

    def here(self) -> Semaphore:
        """Return what is waited for in the loop that is running."""
        with self._lock:
            loop = asyncio.get_running_loop()
            return self._of_loops.setdefault(loop, Semaphore(self._most))


async def take_turn(request: Request, _arrived: Arrived) -> AsyncIterator[None]:
    """Wait for a turn, and keep it until the transaction has ended."""
    async with request.app.state.turns.here():
        yield


Turn = Annotated[None, Depends(take_turn, scope="function")]
