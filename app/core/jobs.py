"""Work for later: rows written with the change that causes it, done by a worker, never lost."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, select, text, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.database import Base, OpenSession
from app.core.i18n import N_
from app.core.labels import LabelledEnum

LEASE = timedelta(minutes=2)
FIRST_RETRY = timedelta(seconds=10)
MAX_ATTEMPTS = 8
LONGEST_PAUSE = timedelta(minutes=10)
LONGEST_RETRY = max(LONGEST_PAUSE, FIRST_RETRY * 2 ** (MAX_ATTEMPTS - 2))
"""No attempt waits longer for the next one."""
PATIENCE = timedelta(days=2)
"""How long a job waits for what is away outside; then its attempts count."""

Clock = Callable[[], datetime]


class JobState(LabelledEnum):
    """Where a job stands."""

    TODO = "todo", N_("Waiting")
    DOING = "doing", N_("Running")
    DONE = "done", N_("Done")
    DEAD = "dead", N_("Given up")


UNFINISHED = (JobState.TODO, JobState.DOING)
"""Waiting or running."""


class Job(Base):
    """One piece of work; ``token`` fences off a worker that lost its lease."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_due", "state", "run_at"),
        Index(
            "uq_jobs_waiting",
            "dedupe_key",
            unique=True,
            sqlite_where=text("state = 'todo'"),
            postgresql_where=text("state = 'todo'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    dedupe_key: Mapped[str | None]
    state: Mapped[JobState] = mapped_column(default=JobState.TODO)
    created_at: Mapped[datetime]
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    token: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None]


class Unavailable(Exception):
    """Something outside is away and will come back; for two days such attempts do not count.

    Raised from the error that says what is away.
    """


class LeaseLost(Exception):
    """Another worker took the job over; our effects are rolled back."""


def enqueue(
    session: Session,
    kind: str,
    payload: Mapping[str, Any],
    *,
    at: datetime,
    run_at: datetime | None = None,
    dedupe_key: str | None = None,
) -> Job:
    """Add a job to the running transaction, or return the waiting one with the same key."""
    if dedupe_key is not None:
        waiting = select(Job).where(Job.dedupe_key == dedupe_key, Job.state == JobState.TODO)
        if (found := session.scalar(waiting)) is not None:
            return found
    job = Job(
        kind=kind, payload=dict(payload), dedupe_key=dedupe_key, created_at=at, run_at=run_at or at
    )
    session.add(job)
    session.flush()  # the key takes effect, and the caller may show the job's id
    return job


def wake(
    session: Session,
    kind: str,
    payload: Mapping[str, Any],
    *,
    at: datetime,
    run_at: datetime,
    dedupe_key: str,
) -> Job:
    """Add a job, or have the waiting one with the same key run at this moment if that is earlier.

    For handlers that look at what is due and plan their next look themselves.
    """
    job = enqueue(session, kind, payload, at=at, run_at=run_at, dedupe_key=dedupe_key)
    job.run_at = min(job.run_at, run_at)
    return job


@dataclass
class Work:
    """What a handler gets: its payload, the moment, and short transactions.

    Slow work belongs between transactions: read in ``reading()``, compute, then write in
    ``finishing()``, where the effects and "done" are committed together.
    """

    payload: Mapping[str, Any]
    now: datetime
    _session_factory: OpenSession
    _clock: Clock
    _job_id: int
    _token: str
    is_finished: bool = field(default=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that only reads."""
        with self._session_factory() as session:
            session.connection(execution_options={"writes": False})
            yield session

    @contextmanager
    def finishing(self) -> Iterator[Session]:
        """Open the transaction that holds the job's effects and marks it done.

        :raises LeaseLost: if another worker has the job by now; nothing is written
        """
        with self._session_factory() as session, session.begin():
            yield session
            self._settle(session, state=JobState.DONE, finished_at=self._clock(), last_error="")
        self.is_finished = True

    @contextmanager
    def giving_up(self, because: str) -> Iterator[Session]:
        """Open the transaction that holds what is left to note, and gives the job up at once.

        For what may have been done already and must not be done again by itself: administrators
        see it and decide.

        :raises LeaseLost: if another worker has the job by now; nothing is written
        """
        with self._session_factory() as session, session.begin():
            yield session
            dead = {"state": JobState.DEAD, "token": "", "last_error": because}
            self._settle(session, finished_at=self._clock(), **dead)
        self.is_finished = True

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a transaction for a step in between that must survive a crash."""
        with self._session_factory() as session, session.begin():
            yield session

    def report(self, done: int, total: int) -> None:
        """Say how far the work is; this also renews the lease."""
        with self.transaction() as session:
            self._settle(
                session,
                progress_done=done,
                progress_total=total,
                lease_until=self._clock() + LEASE,
            )

    def _settle(self, session: Session, **values: Any) -> None:
        held = update(Job).where(Job.id == self._job_id, Job.token == self._token)
        result = session.execute(held.values(**values))
        assert isinstance(result, CursorResult)  # noqa: S101 -- what an UPDATE returns
        if result.rowcount != 1:
            raise LeaseLost


Handler = Callable[[Work], None]
