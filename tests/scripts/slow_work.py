"""Workers for a process of their own, whose jobs take a second and which say what they do."""

import sys
import time

from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.job_runner import Observe
from app.core.jobs import Handler, Work
from app.core.settings import Settings
from app.worker import Workers


def say(words: str) -> None:
    """Tell the test, in one piece, whichever process it is."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def slow_job(_work: Work) -> None:
    """Take a second."""
    say("job begun")
    time.sleep(1)


def make_workers(settings: Settings, observe: Observe) -> Workers:
    """Return workers that know one kind of jobs."""
    factory = session_maker(open_engine(settings.sqlalchemy_url))
    handlers: dict[str, Handler] = {"slow": slow_job}

    def save() -> None:
        say("saved at the end")

    return Workers(factory, handlers, system_clock, when_idle=save, observe=observe)
