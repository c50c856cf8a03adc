"""HTTP in, HTTP out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.administration import actions, queries
from app.administration.access import Administrator, AnyJob, AnyMail
from app.core.clock import Now
from app.core.database import DbSession
from app.core.flash import flash
from app.core.i18n import gettext
from app.core.jobs import JobState
from app.core.pagination import PageNumber, paginate
from app.core.rendering import page

router = APIRouter(tags=["administration"])

ShownState = Annotated[JobState, Query(alias="state")]


@router.get("/administration/mails", name="administration:mails")
def mails(
    request: Request, _actor: Administrator, session: DbSession, number: PageNumber = 1
) -> Response:
    found = paginate(session, queries.mails(), number=number)
    return page(request, "administration/mails.html", found=found)


@router.get("/administration/mails/{mail_id}", name="administration:mail")
def mail(request: Request, mail: AnyMail) -> Response:
    return page(request, "administration/mail.html", mail=mail)


@router.get("/administration/jobs", name="administration:jobs")
def jobs(
    request: Request,
    _actor: Administrator,
    session: DbSession,
    number: PageNumber = 1,
    state: ShownState = JobState.DEAD,
) -> Response:
    return page(
        request,
        "administration/jobs.html",
        found=paginate(session, queries.jobs_in(state), number=number),
        counts=queries.job_counts(session),
        state=state,
    )


@router.post("/administration/jobs/{job_id}/again", name="administration:try_again")
def try_again(request: Request, job: AnyJob, session: DbSession, now: Now) -> Response:
    actions.try_again(session, job, at=now)
    flash(request, gettext("The job is tried again now."))
    return RedirectResponse("/administration/jobs", 303)
