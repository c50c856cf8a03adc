"""What administrators may change: a job that was given up gets another chance."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.actions import standing
from app.accounts.models import User
from app.accounts.queries import user_by_email
from app.core import jobs
from app.core.errors import DomainError
from app.core.i18n import N_, current_locale, gettext
from app.core.jobs import Job, JobState
from app.core.journal_check import CHECK_WANTED
from app.matches.models import INDEX_DIFFERS
from app.organisations.policy import Actor
from app.progress.actions import Wanted, go_on_waiting, wait_for
from app.progress.models import WorkKind


class NotGivenUp(DomainError):
    """The job waits, runs or is done; it needs no help."""

    def __init__(self) -> None:
        super().__init__(N_("This job was not given up, so it cannot be tried again."))


def try_again(session: Session, job: Job, *, at: datetime) -> None:
    """Make a job due that was given up, with all its attempts before it again.

    :raises NotGivenUp: unless it was given up
    """
    if job.state is not JobState.DEAD:
        raise NotGivenUp
    waiting = jobs.enqueue(session, job.kind, job.payload, at=at, dedupe_key=job.dedupe_key)
    waiting.last_error = waiting.last_error or job.last_error
    session.flush()  # it needs its number
    go_on_waiting(session, job, waiting)
    session.delete(job)


class UnknownAddress(DomainError):
    """Administrators may know who has an account, and see nothing but this one."""

    status_code = 422
    field = "email"

    def __init__(self) -> None:
        super().__init__(N_("“E-mail address”: nobody with this address has an account."))


def find_person(session: Session, *, email: str) -> User:
    """Return the person with exactly this address; there is no list to browse.

    :raises UnknownAddress: when there is none
    """
    user = user_by_email(session, email)
    if user is None:
        raise UnknownAddress
    return user


ACTS = {"sign_out": standing.sign_out, "block": standing.block, "unblock": standing.unblock}
"""What administrators may do about somebody's access."""


def request_index(session: Session, *, by: Actor, at: datetime) -> Job:
    """Have the index compared with all profiles and put right; one such job waits at a time."""
    job = jobs.enqueue(session, INDEX_DIFFERS, {}, at=at, dedupe_key=INDEX_DIFFERS)
    about, path = gettext("All profiles"), "/administration/jobs"
    wanted = Wanted(WorkKind.INDEX, about, path, current_locale())
    wait_for(session, job, wanted, by=by, at=at)
    return job


def request_check(session: Session, *, at: datetime) -> Job:
    """Have the journal checked; one check waits at a time."""
    return jobs.enqueue(session, CHECK_WANTED, {}, at=at, dedupe_key=CHECK_WANTED)
