"""The installation that scripts.survive_kills kills, as each of its processes knows it.

What works imports this module and nothing of what answers, as in the product.
"""

import logging
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from app.core import logs
from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.job_runner import Observe
from app.core.settings import Settings
from app.matches.engine_room import EngineRoom
from app.matches.jobs import IndexWatch
from app.worker import Workers, all_handlers
from matching import Encoder


@dataclass(frozen=True)
class Ledger:
    """A mail server outside: what it took is taken, whatever becomes of us."""

    path: Path

    def deliver(self, message: EmailMessage) -> None:
        """Take a message."""
        with self.path.open("ab") as file:
            file.write(f"{message['Message-ID']}\n".encode())

    def taken(self) -> Counter[str]:
        """Return how often each message was taken."""
        return Counter(self.path.read_text().split()) if self.path.exists() else Counter()


@dataclass(frozen=True)
class Installation:
    """One data folder with its database; ``shift`` moves its clock on from life to life."""

    settings: Settings
    make_encoder: Callable[[], Encoder]
    web_processes: int = 1
    shift: timedelta = timedelta()

    def now(self) -> datetime:
        """Return the moment in this life."""
        return system_clock() + self.shift

    @property
    def ledger(self) -> Ledger:
        """The mail server."""
        return Ledger(self.settings.data_dir / "taken.txt")

    @property
    def said(self) -> Path:
        """The file in which each process that works says that it begins."""
        return self.settings.data_dir / "working.txt"

    def open(self) -> sessionmaker[Session]:
        """Return sessions on the database, of a new engine."""
        return session_maker(open_engine(self.settings.sqlalchemy_url))

    def engine_room(self) -> EngineRoom:
        """Return the index as it lies on the disk."""
        return EngineRoom(self.make_encoder, self.settings.data_dir / "index")

    def log(self) -> None:
        """Have this process write its log into the folder."""
        file = (self.settings.data_dir / "log.jsonl").open("a", buffering=1)
        logs.configure(file, level=logging.WARNING)


def make_workers(installation: Installation, observe: Observe) -> Workers:
    """Return what works, in a process of its own, and say that it begins."""
    installation.log()
    sessions, room = installation.open(), installation.engine_room()
    with installation.said.open("a") as file:
        file.write(f"{os.getpid()}\n")
    return Workers(
        sessions,
        all_handlers(installation.settings, installation.ledger, room, installation.now),
        installation.now,
        when_idle=IndexWatch(room, sessions, installation.now),
        observe=observe,
    )
