"""Who does the jobs: claims what is due, runs its handler, and keeps what went wrong."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from time import perf_counter

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session
from structlog.contextvars import bound_contextvars

from app.core.clock import SKEW
from app.core.database import OpenSession
from app.core.jobs import (
    FIRST_RETRY,
    LEASE,
    LONGEST_PAUSE,
    LONGEST_RETRY,
    MAX_ATTEMPTS,
    PATIENCE,
    Clock,
    Handler,
    Job,
    JobState,
    LeaseLost,
    Unavailable,
    Work,
)

logger = logging.getLogger(__name__)

Observe = Callable[[str, float, bool], None]
"""Told after each attempt: the kind, how many seconds, whether it failed."""


class JobRunner:
    """Claims due jobs one by one and runs their handlers.

    :param lane: which jobs it takes, as a condition on ``Job``; all if None
    :param observe: told of each attempt
    """

    def __init__(
        self,
        session_factory: OpenSession,
        handlers: Mapping[str, Handler],
        clock: Clock,
        *,
        lane: ColumnElement[bool] | None = None,
        observe: Observe = lambda _kind, _seconds, _failed: None,
    ) -> None:
        self._session_factory = session_factory
        self._handlers = handlers
        self._clock = clock
        self._lane = true() if lane is None else lane
        self._observe = observe

    def run_next(self) -> bool:
        """Do one due job; return False when none is due."""
        claimed = self._claim()
        if claimed is None:
            return False
        kind, work = claimed
        begun = perf_counter()
        with bound_contextvars(job_id=work._job_id, job_kind=kind):  # noqa: SLF001 -- its own runner
            failed = not self._do(kind, work)
        self._observe(kind, perf_counter() - begun, failed)
        return True

    def _do(self, kind: str, work: Work) -> bool:
        try:
            self._handlers[kind](work)
            if not work.is_finished:
                with work.finishing():
                    pass
        except LeaseLost:
            logger.warning("job %s was taken over by another worker", kind)
        except Exception as error:  # whatever a handler raises is kept and retried
            logger.exception("job %s failed", kind)
            self._give_back(work, error)
            return False
        return True

    def drain(self) -> int:
        """Do all jobs that are due now, including those that they add; return how many."""
        count = 0
        while self.run_next():
            count += 1
        return count

    def _claim(self) -> tuple[str, Work] | None:
        now = self._clock()
        due = select(Job).where(_is_due(now), self._lane).order_by(Job.run_at, Job.id).limit(1)
        with self._session_factory() as session, session.begin():
            job = session.scalar(due.with_for_update(skip_locked=True))
            if job is None:
                return None
            job.state, job.token, job.lease_until = JobState.DOING, token_hex(8), now + LEASE
            job.attempts += 1
            work = Work(job.payload, now, self._session_factory, self._clock, job.id, job.token)
            return job.kind, work

    def _give_back(self, work: Work, error: Exception) -> None:
        with self._session_factory() as session, session.begin():
            held = select(Job).where(Job.id == work._job_id, Job.token == work._token)  # noqa: SLF001 -- its own runner
            job = session.scalar(held)
            if job is None:
                return
            now = self._clock()
            job.token = ""
            cause = error.__cause__ if isinstance(error, Unavailable) else error
            job.last_error = f"{type(cause).__name__}: {cause}"[:2000]
            if isinstance(error, Unavailable) and now < job.created_at + PATIENCE:
                job.attempts = min(job.attempts, MAX_ATTEMPTS - 1)
            job.run_at = now + _pause(error, job.attempts)
            job.state = _state_after_failure(session, job)
            job.finished_at = None if job.state is JobState.TODO else now


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Its moment has come or its worker is gone; a moment set by a clock since put back counts."""
    is_at_once = Job.run_at == Job.created_at
    is_put_off = (Job.attempts > 0) & (Job.run_at > now + LONGEST_RETRY + SKEW)
    has_come = (Job.run_at <= now) | is_at_once | is_put_off
    is_lost = (Job.lease_until < now) | (Job.lease_until > now + LEASE + SKEW)
    due: ColumnElement[bool] = (Job.state == JobState.TODO) & has_come
    return due | (Job.state == JobState.DOING) & is_lost


def _pause(error: Exception, attempts: int) -> timedelta:
    longer: timedelta = FIRST_RETRY * 2 ** (attempts - 1)
    return min(longer, LONGEST_PAUSE) if isinstance(error, Unavailable) else longer


def _state_after_failure(session: Session, job: Job) -> JobState:
    if job.attempts >= MAX_ATTEMPTS:
        return JobState.DEAD
    if job.dedupe_key is None:  # a comparison with None would find any other job without a key
        return JobState.TODO
    newer = select(Job.id).where(Job.dedupe_key == job.dedupe_key, Job.state == JobState.TODO)
    # A newer job for the same thing is waiting already and will do this one's work.
    return JobState.DONE if session.scalar(newer) is not None else JobState.TODO
