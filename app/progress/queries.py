"""Every SELECT about long work."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.jobs import UNFINISHED, Job, JobState
from app.progress.models import AwaitedWork

SHOWN = 20
GIVEN_UP_FOR = timedelta(days=1)
"""So long it is told that something was given up."""


def under_way(
    session: Session, user_id: int, *, now: datetime
) -> Sequence[tuple[AwaitedWork, Job]]:
    """Return what this person waits for and what was given up lately, what was asked last first."""
    unfinished = Job.state.in_(UNFINISHED)
    given_up = (Job.state == JobState.DEAD) & (Job.finished_at > now - GIVEN_UP_FOR)
    statement = (
        select(AwaitedWork, Job)
        .join(Job, Job.id == AwaitedWork.job_id)
        .where(AwaitedWork.user_id == user_id, unfinished | given_up)
        .order_by(AwaitedWork.id.desc())
        .limit(SHOWN)
    )
    return [(work, job) for work, job in session.execute(statement)]


def work_by_id(session: Session, work_id: int) -> AwaitedWork | None:
    """Return one piece of work, None if there is none."""
    return session.get(AwaitedWork, work_id)


def newest_at(session: Session, user_id: int | None, path: str) -> AwaitedWork | None:
    """Return the work that this person asked for last and whose result is at this address."""
    statement = (
        select(AwaitedWork)
        .where(AwaitedWork.user_id == user_id, AwaitedWork.path == path)
        .order_by(AwaitedWork.id.desc())
        .limit(1)
    )
    return session.scalars(statement).first()


def job_of(session: Session, work: AwaitedWork) -> Job | None:
    """Return the job that does it, None if it is gone."""
    return session.get(Job, work.job_id)


def awaits(session: Session, user_id: int, job_id: int) -> AwaitedWork | None:
    """Return the work by which this person waits for a job already."""
    statement = select(AwaitedWork).where(
        AwaitedWork.user_id == user_id, AwaitedWork.job_id == job_id
    )
    return session.scalars(statement).first()


def waiting_for(session: Session, job_id: int) -> Sequence[AwaitedWork]:
    """Return everybody's waiting for one job."""
    return session.scalars(select(AwaitedWork).where(AwaitedWork.job_id == job_id)).all()
