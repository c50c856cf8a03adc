"""HTTP in, HTTP out."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response as HttpResponse

from app.core.clock import Now
from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import Outbox, RequestOutbox
from app.core.rendering import page_of_forms
from app.disqualifications import actions, pages
from app.disqualifications.access import JudgedResponse, ResponseInCase
from app.disqualifications.forms import CaseForm, CaseReplyForm, SettlementForm
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor
from app.responses.access import OwnResponse
from app.responses.models import Response

router = APIRouter(tags=["disqualifications"])


@router.get("/responses/{response_id}/disqualification", name="disqualifications:show")
def show(
    request: Request, response: ResponseInCase, actor: SignedInActor, session: DbSession, now: Now
) -> HttpResponse:
    return _case_page(request, session, response, actor, now)


@router.post("/responses/{response_id}/disqualification", name="disqualifications:open")
def open_case(
    request: Request,
    response: JudgedResponse,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> HttpResponse:
    form = Form.read(CaseForm, submitted).carried_out(
        session,
        lambda typed: actions.open_case(session, response, typed.evidence, by=actor, outbox=outbox),
    )
    if form.value is None:
        return _case_page(request, session, response, actor, outbox.now, case_form=form)
    flash(request, gettext("The case is open. The organisation has five days to reply."))
    return _back(response)


@router.post("/responses/{response_id}/disqualification/reply", name="disqualifications:reply")
def reply(
    request: Request,
    response: OwnResponse,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> HttpResponse:
    form = Form.read(CaseReplyForm, submitted).carried_out(
        session,
        lambda typed: actions.reply(session, response, typed.reply, by=actor, outbox=outbox),
    )
    if form.value is None:
        return _case_page(request, session, response, actor, outbox.now, reply_form=form)
    flash(request, gettext("Your reply is sent. The region reads it before it decides."))
    return _back(response)


@router.post(
    "/responses/{response_id}/disqualification/settlement", name="disqualifications:settle"
)
def settle(
    request: Request,
    response: JudgedResponse,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> HttpResponse:
    form = Form.read(SettlementForm, submitted).carried_out(
        session, lambda typed: _settle(session, response, typed, actor, outbox)
    )
    if form.value is None:
        return _case_page(request, session, response, actor, outbox.now, settlement_form=form)
    flash(request, gettext("The case is settled. Both sides are told."))
    return _back(response)


def _settle(
    session: DbSession, response: Response, typed: SettlementForm, by: Actor, outbox: Outbox
) -> None:
    end = actions.confirm if typed.decision == "confirm" else actions.lift
    end(session, response, typed.reason, by=by, outbox=outbox)


def _back(response: Response) -> HttpResponse:
    return RedirectResponse(f"/responses/{response.id}/disqualification", 303)


def _case_page(
    request: Request,
    session: DbSession,
    response: Response,
    actor: Actor,
    now: Now,
    **refused: Form[Any],
) -> HttpResponse:
    return page_of_forms(
        request,
        "disqualifications/case.html",
        {"case_form": Form(), "reply_form": Form(), "settlement_form": Form()},
        refused,
        response=response,
        challenge=response.challenge,
        shown=pages.case_page(session, response, actor, now),
    )
