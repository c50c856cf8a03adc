"""HTTP in, HTTP out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.accounts.access import FreshSignIn
from app.accounts.actions import second_factor as factors
from app.accounts.models import User
from app.administration import actions, pages, queries
from app.administration.access import Administrator, AnyJob, AnyMail, AnyPerson
from app.administration.forms import AccessForm, FindPersonForm, ResetSecondFactorForm
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import DomainError
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.job_overview import job_counts
from app.core.jobs import JobState
from app.core.journal_check import last_checks
from app.core.outbox import RequestOutbox
from app.core.pagination import PageNumber, paginate
from app.core.rendering import page

router = APIRouter(tags=["administration"])

ShownState = Annotated[JobState, Query(alias="state")]


@router.get("/administration/mails", name="administration:mails")
def mails(
    request: Request, _actor: Administrator, session: DbSession, number: PageNumber = 1
) -> Response:
    found = paginate(session, queries.mails(), number=number)
    given_up = queries.given_up(session, found.rows)
    return page(request, "administration/mails.html", found=found, given_up=given_up)


@router.get("/administration/mails/{mail_id}", name="administration:mail")
def mail(request: Request, mail: AnyMail, session: DbSession) -> Response:
    given_up = queries.given_up(session, [mail]).get(mail.id)
    return page(request, "administration/mail.html", mail=mail, given_up=given_up)


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
        counts=job_counts(session),
        state=state,
    )


@router.post("/administration/jobs/{job_id}/again", name="administration:try_again")
def try_again(request: Request, job: AnyJob, session: DbSession, now: Now) -> Response:
    actions.try_again(session, job, at=now)
    flash(request, gettext("The job is tried again now."))
    return RedirectResponse("/administration/jobs", 303)


@router.post("/administration/index", name="administration:compare_index")
def compare_index(request: Request, actor: Administrator, session: DbSession, now: Now) -> Response:
    """Have the index compared with the records in the background."""
    actions.request_index(session, by=actor, at=now)
    flash(
        request, gettext("The index is compared in the background. “My work” says how far it is.")
    )
    return RedirectResponse("/administration/jobs?state=todo", 303)


@router.get("/administration/second-factor", name="administration:second_factor")
def second_factor(request: Request, _actor: Administrator, _present: FreshSignIn) -> Response:
    """Show the form with which a lost second factor is reset."""
    return page(request, "administration/second_factor.html", form=Form())


@router.post("/administration/second-factor", name="administration:reset_second_factor")
def reset_second_factor(
    request: Request,
    _actor: Administrator,
    present: FreshSignIn,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    """Reset somebody's second factor; the journal keeps who did it and why."""
    form = Form.read(ResetSecondFactorForm, submitted).carried_out(
        session,
        lambda typed: factors.reset(
            session, email=typed.email, reason=typed.reason, by=present.user, outbox=outbox
        ),
        catching=factors.NoSecondFactor,
    )
    if form.value is None:
        return page(
            request, "administration/second_factor.html", form=form, status_code=form.status_code
        )
    flash(
        request, gettext("The second factor of %(email)s is reset.") % {"email": form.value.email}
    )
    return RedirectResponse("/administration/second-factor", 303)


@router.get("/administration/people", name="administration:people")
def people(request: Request, _actor: Administrator, _present: FreshSignIn) -> Response:
    """Ask whose access it is about."""
    return page(request, "administration/people.html", form=Form())


@router.post("/administration/people", name="administration:find_person")
def find_person(
    request: Request,
    _actor: Administrator,
    _present: FreshSignIn,
    session: DbSession,
    submitted: SubmittedForm,
) -> Response:
    """Lead to the person with an address, which so stands in no address of ours."""
    found: list[User] = []
    form = Form.read(FindPersonForm, submitted).carried_out(
        session,
        lambda typed: found.append(actions.find_person(session, email=typed.email)),
        catching=actions.UnknownAddress,
    )
    if form.value is None:
        return page(request, "administration/people.html", form=form, status_code=form.status_code)
    return RedirectResponse(f"/administration/people/{found[0].id}", 303)


@router.get("/administration/people/{user_id}", name="administration:person")
def person(
    request: Request, user: AnyPerson, _present: FreshSignIn, session: DbSession, now: Now
) -> Response:
    """Show the ways into one account, and where its person is signed in."""
    shown = pages.person_page(session, user, Form(raw={"act": "sign_out"}), now=now)
    return page(request, "administration/person.html", shown=shown)


@router.post("/administration/people/{user_id}", name="administration:change_access")
def change_access(
    request: Request,
    user: AnyPerson,
    present: FreshSignIn,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    """Sign somebody out, block or unblock the account; the journal keeps who did it and why."""
    form = Form.read(AccessForm, submitted).carried_out(
        session,
        lambda typed: actions.ACTS[typed.act](
            session, user, by=present.user, reason=typed.reason, outbox=outbox
        ),
        catching=DomainError,
    )
    if form.value is None:
        shown = pages.person_page(session, user, form, now=outbox.now)
        return page(
            request, "administration/person.html", shown=shown, status_code=form.status_code
        )
    flash(request, gettext("Done. %(email)s is told by e-mail.") % {"email": user.email})
    return RedirectResponse(f"/administration/people/{user.id}", 303)


@router.get("/administration/journal", name="administration:journal")
def journal(request: Request, _actor: Administrator, session: DbSession) -> Response:
    """Show whether the journal is whole, as the last checks found."""
    return page(
        request,
        "administration/journal.html",
        checks=last_checks(session),
        waiting=queries.is_check_waiting(session),
    )


@router.post("/administration/journal", name="administration:check_journal")
def check_journal(_actor: Administrator, session: DbSession, now: Now) -> Response:
    """Have the journal checked in the background."""
    actions.request_check(session, at=now)
    return RedirectResponse("/administration/journal", 303)
