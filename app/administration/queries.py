"""Every SELECT on mails and jobs that administrators look at."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.core.jobs import UNFINISHED, Job, JobState
from app.core.journal_check import CHECK_WANTED
from app.core.outbox import Mail


def mails() -> Select[Mail]:
    """Return the SELECT of all e-mails, newest first."""
    return select(Mail).order_by(Mail.id.desc())


def mail_by_id(session: Session, mail_id: int) -> Mail | None:
    """Return one e-mail."""
    return session.get(Mail, mail_id)


def jobs_in(state: JobState) -> Select[Job]:
    """Return the SELECT of jobs in one state: what runs next first, what ended last first."""
    order = Job.run_at if state in UNFINISHED else Job.finished_at.desc()
    return select(Job).where(Job.state == state).order_by(order, Job.id)


def job_by_id(session: Session, job_id: int) -> Job | None:
    """Return one job."""
    return session.get(Job, job_id)


def is_check_waiting(session: Session) -> bool:
    """Whether a check of the journal waits or runs."""
    unfinished = Job.state.in_(UNFINISHED)
    statement = select(func.count(Job.id)).where(Job.kind == CHECK_WANTED, unfinished)
    return bool(session.scalar(statement))
