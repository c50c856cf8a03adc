"""Compose the worker: every handler of every feature, and the loop that runs them."""

from collections.abc import Callable, Mapping
from threading import Event, Thread

from typing_extensions import override

from app.challenges import jobs as challenges_jobs
from app.core.jobs import Handler, JobRunner
from app.core.links import Links
from app.core.outbox import SEND_MAIL, Transport, sending
from app.core.settings import Settings, signing_key
from app.core.signed_tokens import SignedTokens
from app.matches import jobs as matches_jobs
from app.matches.engine_room import EngineRoom

IDLE_SECONDS = 1.0


def all_handlers(
    settings: Settings, transport: Transport, engine_room: EngineRoom
) -> Mapping[str, Handler]:
    """Return the handlers of every job kind there is."""
    links = Links(settings.base_url, SignedTokens(signing_key(settings)))
    return {
        SEND_MAIL: sending(transport, sender=settings.mail_from),
        **challenges_jobs.handlers(links),
        **matches_jobs.handlers(engine_room, links),
    }


class WorkerThread(Thread):
    """Runs due jobs inside the web process, for installations of one process.

    :param when_idle: called whenever nothing is due, and at the end; saves the index, say
    """

    def __init__(self, runner: JobRunner, *, when_idle: Callable[[], None]) -> None:
        super().__init__(name="worker", daemon=True)
        self._runner = runner
        self._when_idle = when_idle
        self._stopping = Event()

    @override
    def run(self) -> None:
        """Work until stopped; a pause of a second when nothing is due."""
        while not self._stopping.is_set():
            if not self._runner.run_next():
                self._when_idle()
                self._stopping.wait(IDLE_SECONDS)
        self._when_idle()

    def stop(self) -> None:
        """Finish the job in hand, then end."""
        self._stopping.set()
        self.join(timeout=30)
