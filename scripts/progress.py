"""How far a long run is, told on the error stream."""

import sys
from collections.abc import Callable
from time import perf_counter
from typing import TextIO

_EVERY = 5.0
"""Seconds between two lines."""


class Progress:
    """Tells now and then how much of something is done and about how long the rest takes."""

    def __init__(
        self, stream: TextIO | None = None, timer: Callable[[], float] = perf_counter
    ) -> None:
        self._stream = stream
        self._timer = timer
        self._counted = ""
        self._started = self._told = timer()
        self._already = 0

    def __call__(self, counted: str, done: int, of: int) -> None:
        """Told each time something is done; the time that is left counts from the first call."""
        now = self._timer()
        if counted != self._counted or done <= self._already:
            self._counted, self._already, self._started, self._told = counted, done, now, now
        if done < of and now - self._told < _EVERY:
            return
        self._told = now
        rate = (done - self._already) / (now - self._started) if now > self._started else 0.0
        left = f", {(of - done) / rate:.0f} s left" if rate and done < of else ""
        print(f"{done}/{of} {counted}{left}", file=self._stream or sys.stderr)
