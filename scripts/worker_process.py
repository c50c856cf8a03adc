"""The workers in a process of their own, so that nobody's page waits until a job lets Python go on.

Whoever answers starts that process, starts it anew when it dies, and stops it. The two share the
database and one line: over it go what to do, what each job took and, at the end, the word to stop.
A line that ends says the same, so nothing works on for somebody who was killed.
"""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from socket import socketpair
from threading import Event, Lock, Thread
from time import monotonic

from app.core.job_runner import Observe
from app.worker import STOPPING_SECONDS, Works

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds until one that died is replaced; twice as long each time, unless it lived for long."""
LATE_SECONDS = 5.0
"""So much longer than its jobs in hand it may take to end."""
GONE = (EOFError, OSError)
"""What a line says whose other end is gone."""
MakeWorkers = Callable[[Observe], Works]
_HERE = Path(__file__).parent


class WorkerProcess:
    """Workers that run elsewhere, for as long as this process wants them to.

    :param make_workers: called in the other process; it travels there, so it is a plain function of
        an importable module, or a ``partial`` of one
    :param observe: told of each attempt at a job, in this process
    :param niceness: how far the other process steps back when both want to compute, 0 to 19
    """

    def __init__(self, make_workers: MakeWorkers, *, observe: Observe, niceness: int) -> None:
        self._make_workers = make_workers
        self._observe = observe
        self._niceness = niceness
        self._stopping = Event()
        self._changing = Lock()
        self._line: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._watching = Thread(target=self._watch, name="watching the workers", daemon=True)

    def start(self) -> None:
        """Begin to work; returns at once."""
        self._watching.start()

    def stop(self) -> None:
        """Have the jobs in hand finished; what takes too long is killed, and done again later."""
        with self._changing:
            self._stopping.set()
            if self._line is not None:
                with suppress(*GONE):
                    self._line.send(None)
        self._watching.join(STOPPING_SECONDS + LATE_SECONDS)
        if self._watching.is_alive() and self._process is not None:
            logger.warning("the process that works did not end in time")
            self._process.kill()
            self._watching.join(LATE_SECONDS)

    def _watch(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            begun = monotonic()
            code = self._live()
            if self._stopping.is_set():
                return
            pause = FIRST_PAUSE if monotonic() - begun > LONGEST_PAUSE else pause
            logger.error(
                "the process that works ended with %s; the next begins in %s s", code, pause
            )
            self._stopping.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _live(self) -> int:
        """Have a process work until it ends; return how it ended."""
        ours, theirs = socketpair()
        with Connection(ours.detach()) as line, theirs:
            command = [sys.executable, "-m", __name__, str(theirs.fileno()), str(self._niceness)]
            # A group of its own: Ctrl-C is for us, and we tell it.
            with subprocess.Popen(  # noqa: S603 -- ourselves
                command, pass_fds=[theirs.fileno()], cwd=_HERE.parent, process_group=0
            ) as process:
                theirs.close()
                with suppress(*GONE):
                    self._begin(line, process)
                    while True:
                        self._observe(*line.recv())
                with self._changing:
                    self._line = None
                return process.wait()

    def _begin(self, line: Connection, process: subprocess.Popen[bytes]) -> None:
        with self._changing:
            self._line, self._process = line, process
            line.send(self._make_workers)
            if self._stopping.is_set():
                line.send(None)


def work_for(line: Connection, niceness: int) -> None:
    """Work until whoever is at the other end says so, or is gone."""
    for number in (signal.SIGINT, signal.SIGTERM):  # service managers tell every process at once
        signal.signal(number, signal.SIG_IGN)
    os.nice(niceness)
    telling = Lock()

    def tell(kind: str, seconds: float, failed: bool) -> None:  # noqa: FBT001 -- a callback
        with telling, suppress(*GONE):
            line.send((kind, seconds, failed))

    with suppress(*GONE):
        make_workers: MakeWorkers = line.recv()
        workers = make_workers(tell)
        workers.start()
        try:
            line.recv()
        finally:
            workers.stop()


if __name__ == "__main__":
    work_for(Connection(int(sys.argv[1])), int(sys.argv[2]))
    # Not by the usual way out: a job that took too long may compute still, and the libraries it
    # computes with abort if Python is taken down around them.
    os._exit(0)
