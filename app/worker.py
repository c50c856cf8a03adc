"""Compose the worker: every handler of every feature, and the loop that runs them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from threading import Event, Thread

from sqlalchemy.orm import Session, sessionmaker
from typing_extensions import override

from app.administration import jobs as administration_jobs
from app.challenges import jobs as challenges_jobs
from app.core.clock import system_clock
from app.core.jobs import Clock, Handler, Job, JobRunner
from app.core.links import Links
from app.core.message_kinds import MessageKinds
from app.core.sending import Transport
from app.core.settings import Settings, signing_key
from app.core.signed_tokens import SignedTokens
from app.disqualifications import jobs as disqualifications_jobs
from app.evaluations import jobs as evaluations_jobs
from app.matches import jobs as matches_jobs
from app.matches.engine_room import EngineRoom
from app.message_registry import MESSAGE_KINDS
from app.messages import jobs as messages_jobs
from app.opportunities import jobs as opportunities_jobs
from app.outcomes import jobs as outcomes_jobs
from app.pilots import jobs as pilots_jobs
from app.reviews import jobs as reviews_jobs
from app.screenings import jobs as screenings_jobs
from app.searches import jobs as searches_jobs
from app.shortlists import jobs as shortlists_jobs
from app.steering import jobs as steering_jobs
from app.trail import jobs as trail_jobs
from app.watches import jobs as watches_jobs

IDLE_SECONDS = 1.0
SLOW_KINDS = (
    matches_jobs.SLOW_KINDS
    | opportunities_jobs.SLOW_KINDS
    | trail_jobs.SLOW_KINDS
    | administration_jobs.SLOW_KINDS
)
DAILY = {
    **opportunities_jobs.DAILY,
    **searches_jobs.DAILY,
    **outcomes_jobs.DAILY,
    **watches_jobs.DAILY,
    **trail_jobs.DAILY,
    **administration_jobs.DAILY,
}


def all_handlers(
    settings: Settings,
    transport: Transport,
    engine_room: EngineRoom,
    clock: Clock = system_clock,
    kinds: MessageKinds = MESSAGE_KINDS,
) -> Mapping[str, Handler]:
    """Return the handlers of every job kind there is.

    :param clock: dates the links in mails
    :param kinds: says what becomes of mails whose readers chose nothing
    """
    links = Links(settings.base_url, SignedTokens(signing_key(settings), clock))
    return {
        **messages_jobs.handlers(kinds, links, transport, sender=settings.mail_from),
        **challenges_jobs.handlers(links),
        **steering_jobs.handlers(links),
        **matches_jobs.handlers(engine_room, links),
        **shortlists_jobs.handlers(links, settings.invitations_per_week),
        **opportunities_jobs.handlers(engine_room),
        **searches_jobs.handlers(links),
        **screenings_jobs.handlers(links),
        **disqualifications_jobs.handlers(links),
        **evaluations_jobs.handlers(links),
        **reviews_jobs.handlers(links),
        **watches_jobs.handlers(links),
        **pilots_jobs.handlers(links),
        **outcomes_jobs.handlers(links),
        **trail_jobs.handlers(settings.data_dir, timedelta(days=settings.journal_names_days)),
        **administration_jobs.handlers(settings.data_dir),
    }


class Workers:
    """Threads that run due jobs inside the web process, for installations of one process.

    One lane for what takes long (the index, ranking), one for all else, so that nobody's mail
    waits behind an index.

    :param when_idle: called when nothing slow is due, and at the end; saves the index, say
    """

    def __init__(
        self,
        session_factory: sessionmaker[Session],
        handlers: Mapping[str, Handler],
        clock: Clock,
        *,
        when_idle: Callable[[], None],
    ) -> None:
        slow = Job.kind.in_(SLOW_KINDS)
        self._threads = (
            LaneThread(JobRunner(session_factory, handlers, clock, lane=slow), when_idle=when_idle),
            LaneThread(JobRunner(session_factory, handlers, clock, lane=~slow)),
        )

    def start(self) -> None:
        """Begin to work in the background."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish the jobs in hand, then end."""
        for thread in self._threads:
            thread.stop()


class LaneThread(Thread):
    """Runs the due jobs of one lane, one after the other."""

    def __init__(self, runner: JobRunner, *, when_idle: Callable[[], None] = lambda: None) -> None:
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
