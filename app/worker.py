"""Compose the worker: every handler of every feature, and the loop that runs them."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from time import monotonic
from typing import Protocol

from typing_extensions import override

from app.accounts import jobs as accounts_jobs
from app.administration import jobs as administration_jobs
from app.challenges import jobs as challenges_jobs
from app.core import heartbeats
from app.core.clock import system_clock
from app.core.database import OpenSession
from app.core.heartbeats import BEAT
from app.core.job_runner import JobRunner, Observe
from app.core.jobs import Clock, Handler, Job
from app.core.links import Links
from app.core.message_kinds import MessageKinds
from app.core.sealing import Seals
from app.core.sending import Transport
from app.core.settings import Settings, keys_of
from app.core.signed_tokens import SignedTokens
from app.disqualifications import jobs as disqualifications_jobs
from app.evaluations import jobs as evaluations_jobs
from app.matches import jobs as matches_jobs
from app.matches.engine_room import EngineRoom
from app.message_registry import MESSAGE_KINDS
from app.messages import jobs as messages_jobs
from app.monitoring import jobs as monitoring_jobs
from app.opportunities import jobs as opportunities_jobs
from app.outcomes import jobs as outcomes_jobs
from app.pilots import jobs as pilots_jobs
from app.retention import jobs as retention_jobs
from app.reviews import jobs as reviews_jobs
from app.screenings import jobs as screenings_jobs
from app.searches import jobs as searches_jobs
from app.shortlists import jobs as shortlists_jobs
from app.steering import jobs as steering_jobs
from app.trail import jobs as trail_jobs
from app.watches import jobs as watches_jobs

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 5.0
"""Pause when not even the next job can be fetched: the database is away, the disk full."""
STOPPING_SECONDS = 30.0
"""How long the jobs in hand may take at the end; those that take longer are done again."""
SLOW_KINDS = (
    matches_jobs.SLOW_KINDS
    | opportunities_jobs.SLOW_KINDS
    | trail_jobs.SLOW_KINDS
    | administration_jobs.SLOW_KINDS
    | monitoring_jobs.SLOW_KINDS
)
QUICK_LANE, SLOW_LANE = "quick", "slow"
LANE_KINDS: Mapping[str, frozenset[str]] = {QUICK_LANE: frozenset(), SLOW_LANE: SLOW_KINDS}
"""Kinds that keep a lane so busy that it gives no other sign of life."""
DAILY = {
    **accounts_jobs.DAILY,
    **opportunities_jobs.DAILY,
    **searches_jobs.DAILY,
    **outcomes_jobs.DAILY,
    **watches_jobs.DAILY,
    **trail_jobs.DAILY,
    **administration_jobs.DAILY,
    **retention_jobs.DAILY,
    **monitoring_jobs.DAILY,
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
    key, *earlier = keys_of(settings)
    links = Links(settings.base_url, SignedTokens(key, clock, earlier=earlier))
    return {
        **accounts_jobs.handlers(links, Seals([key, *earlier])),
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
        **retention_jobs.handlers(settings),
        **monitoring_jobs.handlers(),
    }


class Works(Protocol):
    """Whatever does the jobs as long as somebody serves: threads here, or a process beside."""

    def start(self) -> None:
        """Begin; returns at once."""

    def stop(self) -> None:
        """Finish what is in hand, then end."""


class Workers:
    """Threads that run due jobs inside the process that makes them.

    One lane for what takes long (the index, ranking), one for all else, so that nobody's mail
    waits behind an index.

    :param when_idle: called when nothing slow is due, and at the end; saves the index, say
    :param at_first: called before anything slow is done
    :param observe: told of each attempt at a job
    """

    def __init__(
        self,
        session_factory: OpenSession,
        handlers: Mapping[str, Handler],
        clock: Clock,
        *,
        when_idle: Callable[[], None],
        at_first: Callable[[], object] = lambda: None,
        observe: Observe = lambda _kind, _seconds, _failed: None,
    ) -> None:
        slow = Job.kind.in_(SLOW_KINDS)
        self._stopping = Event()
        self._threads = tuple(
            LaneThread(
                JobRunner(session_factory, handlers, clock, lane=jobs, observe=observe),
                partial(_beat, session_factory, lane, clock),
                self._stopping,
                when_idle=saving,
                at_first=preparing,
            )
            for lane, jobs, saving, preparing in (
                (SLOW_LANE, slow, when_idle, at_first),
                (QUICK_LANE, ~slow, lambda: None, lambda: None),
            )
        )

    def start(self) -> None:
        """Begin to work in the background."""
        for thread in self._threads:
            thread.start()

    @property
    def is_at_work(self) -> bool:
        """Whether something is in hand still that took too long at the end."""
        return any(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Finish the jobs in hand, then end; what takes too long is left to whoever comes next."""
        self._stopping.set()
        until = monotonic() + STOPPING_SECONDS
        for thread in self._threads:
            thread.join(timeout=max(0.0, until - monotonic()))
            if thread.is_alive():
                logger.warning("what was in hand did not end in time and will be done again")


def _beat(session_factory: OpenSession, lane: str, clock: Clock) -> None:
    with session_factory() as session, session.begin():
        heartbeats.beat(session, lane, at=clock())


class LaneThread(Thread):
    """Runs the due jobs of one lane, one after the other, whatever happens.

    :param beat: says that somebody serves the lane
    :param stopping: set when it is to end
    """

    def __init__(
        self,
        runner: JobRunner,
        beat: Callable[[], None],
        stopping: Event,
        *,
        when_idle: Callable[[], None] = lambda: None,
        at_first: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(name="worker", daemon=True)
        self._runner = runner
        self._beat = beat
        self._stopping = stopping
        self._when_idle = when_idle
        self._at_first = at_first
        self._next_beat = 0.0

    @override
    def run(self) -> None:
        """Work until stopped; a pause of a second when nothing is due."""
        self._guarded(self._beat)
        self._guarded(self._at_first)
        while not self._stopping.is_set():
            self._stopping.wait(self._step())
        self._guarded(self._when_idle)

    def _step(self) -> float:
        """Do what is due; return for how long to pause then."""
        try:
            if monotonic() >= self._next_beat:
                self._beat()
                self._next_beat = monotonic() + BEAT.total_seconds()
            if self._runner.run_next():
                return 0.0
            self._when_idle()
        except Exception:  # a worker that ends would leave everybody's work lying
            logger.exception("the worker cannot work; it tries again in a moment")
            return TROUBLE_SECONDS
        return IDLE_SECONDS

    @staticmethod
    def _guarded(act: Callable[[], object]) -> None:
        try:
            act()
        except Exception:
            logger.exception("the worker could not do what it does when it begins or ends")
