"""Every SELECT on mails and jobs that administrators look at."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.core.jobs import UNFINISHED, Job, JobState
from app.core.journal_check import CHECK_WANTED
from app.core.outbox import SEND_MAIL, Mail


def mails() -> Select[Mail]:
    """Return the SELECT of all e-mails, newest first."""
    return select(Mail).order_by(Mail.id.desc())


def mail_by_id(session: Session, mail_id: int) -> Mail | None:
    """Return one e-mail."""
    return session.get(Mail, mail_id)


def given_up(session: Session, mails: Iterable[Mail]) -> Mapping[int, Job]:
    """Return the job that was to send an e-mail and was given up, by the e-mail's id; nothing for
    those whose sending goes on or is done.
    """
    mail_id = Job.payload["mail_id"].as_integer()
    is_dead = (Job.kind == SEND_MAIL) & (Job.state == JobState.DEAD)
    found = select(Job).where(is_dead, mail_id.in_([mail.id for mail in mails])).order_by(Job.id)
    return {job.payload["mail_id"]: job for job in session.scalars(found)}


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
