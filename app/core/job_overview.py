"""How the work for later is doing, for those who look after the installation."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.jobs import Job, JobState


def job_counts(session: Session) -> dict[JobState, int]:
    """Return how many jobs are in each state, also where there are none."""
    statement = select(Job.state, func.count(Job.id)).group_by(Job.state)
    found = session.execute(statement)
    return dict.fromkeys(JobState, 0) | {state: count for state, count in found}  # noqa: C416 -- dict() of rows has no type


def failed_jobs(session: Session) -> Sequence[Job]:
    """Return the jobs whose last attempt failed, waiting or given up, oldest first."""
    statement = select(Job).where(Job.last_error != "", Job.state != JobState.DONE)
    return session.scalars(statement.order_by(Job.id)).all()
