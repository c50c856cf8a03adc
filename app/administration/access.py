"""Who runs the installation, and the only way a route gets a mail or a job."""

from typing import Annotated

from fastapi import Depends

from app.accounts.access import RowId
from app.accounts.models import User
from app.accounts.queries import user_by_id
from app.administration import queries
from app.core.database import DbSession
from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.jobs import Job
from app.core.outbox import Mail
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor


async def get_administrator(actor: SignedInActor) -> Actor:
    """Return the administrator who is asking; for anybody else there are no such pages.

    :raises NotFound: unless they run the installation
    """
    if not actor.is_administrator:
        raise NotFound(N_("There is no page at this address."))
    return actor


Administrator = Annotated[Actor, Depends(get_administrator)]


def get_mail(mail_id: RowId, _administrator: Administrator, session: DbSession) -> Mail:
    """Return one e-mail.

    :raises NotFound: when there is none with this number
    """
    mail = queries.mail_by_id(session, mail_id)
    if mail is None:
        raise NotFound(N_("There is no e-mail with this number."))
    return mail


AnyMail = Annotated[Mail, Depends(get_mail)]


def get_person(user_id: RowId, _administrator: Administrator, session: DbSession) -> User:
    """Return one person.

    :raises NotFound: when there is none with this number
    """
    user = user_by_id(session, user_id)
    if user is None:
        raise NotFound(N_("There is no person with this number."))
    return user


AnyPerson = Annotated[User, Depends(get_person)]


def get_job(job_id: RowId, _administrator: Administrator, session: DbSession) -> Job:
    """Return one job.

    :raises NotFound: when there is none with this number
    """
    job = queries.job_by_id(session, job_id)
    if job is None:
        raise NotFound(N_("There is no job with this number."))
    return job


AnyJob = Annotated[Job, Depends(get_job)]
