"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response as HttpResponse

from app.challenges.access import ViewableChallenge
from app.challenges.models import Challenge
from app.challenges.policy import acts_for_owner, is_curator
from app.core.clock import Now
from app.core.database import DbSession, writes
from app.core.errors import Forbidden
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import N_, gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.savepoints import all_or_nothing
from app.organisations.access import SignedInActor
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.responses import actions, pages, policy, queries
from app.responses.access import OwnResponse, ReceivedChallenge
from app.responses.forms import ResponseForm, StartForm, stored_fields
from app.responses.models import Response

router = APIRouter(tags=["responses"])


@router.get("/challenges/{challenge_id}/answer", name="responses:start")
def start(
    request: Request,
    challenge: ViewableChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> HttpResponse:
    shown = pages.start_page(session, challenge, actor, now=now)
    return _start_page(request, challenge, shown, Form[StartForm]())


@router.post("/challenges/{challenge_id}/answer", name="responses:create")
def create(
    request: Request,
    challenge: ViewableChallenge,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    now: Now,
) -> HttpResponse:
    form = Form.read(StartForm, submitted)
    if form.value is None:
        shown = pages.start_page(session, challenge, actor, now=now)
        return _start_page(request, challenge, shown, form)
    organisation = _organisation_of(actor, form.value.organisation_id)
    response = actions.start(session, challenge, organisation, by=actor, at=now)
    return RedirectResponse(f"/responses/{response.id}/edit", 303)


def _organisation_of(actor: Actor, organisation_id: int) -> Organisation:
    for organisation in actor.organisations:
        if organisation.id == organisation_id:
            return organisation
    raise Forbidden(N_("Only managers and editors of an organisation can answer for it."))


def _start_page(
    request: Request,
    challenge: Challenge,
    shown: pages.StartPage,
    form: Form[StartForm],
) -> HttpResponse:
    return page(
        request,
        "responses/start.html",
        status_code=form.status_code,
        challenge=challenge,
        shown=shown,
        form=form,
    )


@router.get("/responses/{response_id}/edit", name="responses:edit")
def edit(request: Request, response: OwnResponse, session: DbSession, now: Now) -> HttpResponse:
    actions.require_editable(response)
    form = Form[ResponseForm](raw=stored_fields(response))
    shown = pages.edit_page(session, response, form, now=now)
    return _edit_page(request, response, shown, form)


@router.post("/responses/{response_id}/edit", name="responses:save")
def save(
    request: Request,
    response: OwnResponse,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    now: Now,
) -> HttpResponse:
    form = Form.read(ResponseForm, submitted).carried_out(
        session,
        lambda typed: actions.save(
            session, response, typed.wording(), seen_version=typed.version, by=actor, at=now
        ),
    )
    if form.value is None:
        shown = pages.edit_page(session, response, form, now=now)
        return _edit_page(request, response, shown, form)
    flash(request, gettext("The draft is saved."))
    step = "check" if submitted.get("then") == "check" else "edit"
    return RedirectResponse(f"/responses/{response.id}/{step}", 303)


def _edit_page(
    request: Request,
    response: Response,
    shown: pages.EditPage,
    form: Form[ResponseForm],
) -> HttpResponse:
    return page(
        request,
        "responses/edit.html",
        status_code=form.status_code,
        response=response,
        challenge=response.challenge,
        shown=shown,
        form=form,
    )


@router.get("/responses/{response_id}/check", name="responses:check")
def check(request: Request, response: OwnResponse, session: DbSession, now: Now) -> HttpResponse:
    actions.require_editable(response)
    return _check_page(request, session, response, now)


@router.post("/responses/{response_id}/submit", name="responses:submit")
def submit(
    request: Request,
    response: OwnResponse,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    now: Now,
) -> HttpResponse:
    checks = request.app.state.submission_checks
    try:
        with all_or_nothing(session):
            actions.submit(session, response, checks=checks, by=actor, outbox=outbox, at=now)
    except actions.Incomplete as refusal:
        return _check_page(request, session, response, now, status_code=refusal.status_code)
    if policy.is_unsealed(response.challenge, now=now):
        flash(request, gettext("Your answer is submitted. Those who decide can read it now."))
    else:
        flash(request, gettext("Your answer is submitted. It stays sealed until the deadline."))
    return RedirectResponse(f"/responses/{response.id}", 303)


def _check_page(
    request: Request, session: DbSession, response: Response, now: Now, *, status_code: int = 200
) -> HttpResponse:
    return page(
        request,
        "responses/check.html",
        status_code=status_code,
        is_refused=status_code != 200,
        response=response,
        challenge=response.challenge,
        gaps=queries.lacking(session, response, request.app.state.submission_checks),
        takes_answers=response.challenge.takes_answers(now),
    )


@router.post("/responses/{response_id}/withdraw", name="responses:withdraw")
def withdraw(
    request: Request,
    response: OwnResponse,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    now: Now,
) -> HttpResponse:
    actions.withdraw(session, response, by=actor, outbox=outbox, at=now)
    if response.challenge.takes_answers(now):
        flash(request, gettext("Your answer is withdrawn. You can change it and submit it again."))
    else:
        flash(request, gettext("Your answer is withdrawn, and the owner is told."))
    return RedirectResponse(f"/responses/{response.id}", 303)


@router.get("/challenges/{challenge_id}/responses", name="responses:list")
@writes
def list_received(
    request: Request,
    challenge: ReceivedChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> HttpResponse:
    is_unsealed = policy.is_unsealed(challenge, now=now)
    actions.note_reading(session, challenge, by=actor, at=now)
    return page(
        request,
        "responses/list.html",
        challenge=challenge,
        is_unsealed=is_unsealed,
        may_start_evaluation=acts_for_owner(actor, challenge) or is_curator(actor, challenge),
        count=queries.count_handed_in(session, challenge.id),
        responses=queries.handed_in(session, challenge.id) if is_unsealed else (),
    )
