"""HTTP in, HTTP out."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response as HttpResponse

from app.core.clock import Now
from app.core.database import DbSession, writes
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page, page_of_forms
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor
from app.responses.access import OwnResponse, ReceivedChallenge
from app.responses.actions import note_reading
from app.responses.models import Response
from app.responses.policy import is_unsealed
from app.screenings import actions, pages, queries
from app.screenings.access import ScreenedResponse
from app.screenings.forms import InformationForm, ObjectionForm, QuestionForm
from app.screenings.policy import MAX_DAYS

router = APIRouter(tags=["screenings"])


@router.get("/challenges/{challenge_id}/screening", name="screenings:list")
@writes
def show_list(
    request: Request,
    challenge: ReceivedChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> HttpResponse:
    if not is_unsealed(challenge, now=now):
        return RedirectResponse(f"/challenges/{challenge.id}/responses", 303)
    note_reading(session, challenge, by=actor, at=now)
    shown = pages.screenings_page(session, challenge, actor)
    return page(request, "screenings/list.html", challenge=challenge, shown=shown)


@router.get("/responses/{response_id}/screening", name="screenings:show")
def show(
    request: Request, response: ScreenedResponse, actor: SignedInActor, session: DbSession
) -> HttpResponse:
    return _screening_page(request, session, response, actor)


@router.post("/responses/{response_id}/screening/eligible", name="screenings:declare_eligible")
def declare_eligible(
    request: Request,
    response: ScreenedResponse,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> HttpResponse:
    actions.declare_eligible(session, response, by=actor, at=now)
    flash(request, gettext("The answer is eligible."))
    return _to_the_list(response)


@router.post("/responses/{response_id}/screening/objection", name="screenings:object")
def object_to(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    request: Request,
    response: ScreenedResponse,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
    now: Now,
) -> HttpResponse:
    form = Form.read(ObjectionForm, submitted).carried_out(
        session,
        lambda typed: actions.object_to(
            session, response, typed.finding(), by=actor, outbox=outbox, at=now
        ),
    )
    if form.value is None:
        return _screening_page(request, session, response, actor, objection_form=form)
    flash(request, gettext("Your objection is with the owner, who confirms or rejects it."))
    return _to_the_list(response)


@router.post("/responses/{response_id}/screening/confirmation", name="screenings:uphold")
def uphold(
    request: Request,
    response: ScreenedResponse,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> HttpResponse:
    actions.uphold(session, response, by=actor, outbox=outbox)
    if response.is_untold:
        flash(request, gettext("The answer is not eligible. Its responder is told on release."))
    else:
        flash(request, gettext("The answer is not eligible, and its responder is told why."))
    return _to_the_list(response)


@router.post("/responses/{response_id}/screening/question", name="screenings:ask")
def ask(
    request: Request,
    response: ScreenedResponse,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> HttpResponse:
    form = Form.read(QuestionForm, submitted)
    if form.value is None:
        return _screening_page(request, session, response, actor, question_form=form)
    question, days = form.value.question, form.value.days
    actions.ask(session, response, question, days=days, by=actor, outbox=outbox)
    flash(request, gettext("Your question is sent. The reply comes back to the screening."))
    return _to_the_list(response)


def _to_the_list(response: Response) -> HttpResponse:
    return RedirectResponse(f"/challenges/{response.challenge_id}/screening", 303)


def _screening_page(
    request: Request,
    session: DbSession,
    response: Response,
    actor: Actor,
    **refused: Form[Any],
) -> HttpResponse:
    return page_of_forms(
        request,
        "screenings/screening.html",
        {"objection_form": Form(), "question_form": Form(raw={"days": str(MAX_DAYS)})},
        refused,
        response=response,
        challenge=response.challenge,
        shown=pages.screening_page(session, response, actor),
    )


@router.get("/responses/{response_id}/information", name="screenings:information")
def show_information(request: Request, response: OwnResponse, session: DbSession) -> HttpResponse:
    return _information_page(request, session, response, Form())


@router.post("/responses/{response_id}/information", name="screenings:inform")
def inform(
    request: Request,
    response: OwnResponse,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> HttpResponse:
    form = Form.read(InformationForm, submitted).carried_out(
        session,
        lambda typed: actions.inform(session, response, typed.reply, by=actor, outbox=outbox),
    )
    if form.value is None:
        return _information_page(request, session, response, form)
    flash(request, gettext("Your reply is sent. The screening of your answer goes on."))
    return RedirectResponse(f"/responses/{response.id}", 303)


def _information_page(
    request: Request,
    session: DbSession,
    response: Response,
    form: Form[InformationForm],
) -> HttpResponse:
    return page(
        request,
        "screenings/information.html",
        status_code=form.status_code,
        response=response,
        challenge=response.challenge,
        information=queries.request_about(session, response),
        form=form,
    )
