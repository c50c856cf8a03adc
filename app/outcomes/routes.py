"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.challenges.access import OwnedChallenge
from app.challenges.models import Challenge
from app.core.clock import Now
from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.organisations.access import SignedInActor
from app.outcomes import actions
from app.outcomes.access import OwnQuestion
from app.outcomes.forms import OutcomeForm, PurchaseForm
from app.outcomes.models import Outcome, OutcomeQuestion, PurchaseRoute

router = APIRouter(tags=["outcomes"])


@router.get("/outcomes/{outcome_id}", name="outcomes:question")
def show(request: Request, question: OwnQuestion) -> Response:
    return _question_page(request, question, Form())


@router.post("/outcomes/{outcome_id}", name="outcomes:answer")
def answer(
    request: Request,
    question: OwnQuestion,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(OutcomeForm, submitted).carried_out(
        session,
        lambda typed: actions.answer(session, question, typed.reply(), by=actor, outbox=outbox),
    )
    if form.value is None:
        return _question_page(request, question, form)
    flash(request, gettext("Thank you. This is kept with the challenge."))
    return RedirectResponse(f"/challenges/{question.challenge_id}", 303)


def _question_page(
    request: Request, question: OutcomeQuestion, form: Form[OutcomeForm]
) -> Response:
    return page(
        request,
        "outcomes/question.html",
        question=question,
        challenge=question.challenge,
        form=form,
        outcomes=[(outcome.value, outcome.label) for outcome in Outcome],
        status_code=form.status_code,
    )


@router.get("/challenges/{challenge_id}/purchase", name="outcomes:new_purchase")
def new_purchase(request: Request, challenge: OwnedChallenge) -> Response:
    actions.require_completed(challenge)
    return _purchase_page(request, challenge, Form())


@router.post("/challenges/{challenge_id}/purchase", name="outcomes:record_purchase")
def record_purchase(
    request: Request,
    challenge: OwnedChallenge,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    now: Now,
) -> Response:
    form = Form.read(PurchaseForm, submitted).carried_out(
        session,
        lambda typed: actions.record_purchase(session, challenge, typed.bought(), by=actor, at=now),
    )
    if form.value is None:
        return _purchase_page(request, challenge, form)
    flash(request, gettext("The purchase is recorded."))
    return RedirectResponse(f"/challenges/{challenge.id}", 303)


def _purchase_page(request: Request, challenge: Challenge, form: Form[PurchaseForm]) -> Response:
    return page(
        request,
        "outcomes/purchase.html",
        challenge=challenge,
        form=form,
        routes=[(route.value, route.label) for route in PurchaseRoute],
        status_code=form.status_code,
    )
