"""HTTP in, HTTP out: an answer with its decision, decisions, their release, and replies."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response as HttpResponse

from app.challenges.access import OwnedChallenge
from app.challenges.models import Challenge, Mode
from app.challenges.policy import is_in_rounds
from app.core.clock import Now
from app.core.database import DbSession, writes
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import N_, gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.savepoints import all_or_nothing
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor
from app.responses.access import OwnResponse, ReceivedChallenge, ViewableResponse
from app.responses.actions import note_reading
from app.responses.models import Response
from app.responses.policy import is_unsealed
from app.reviews import pages, policy, queries
from app.reviews.access import DecidableResponse
from app.reviews.actions import accepting, agreeing, beginning, deciding, releasing
from app.reviews.forms import DecisionForm, ReplyForm, WaiverForm, read_decision, stored_fields
from app.reviews.models import Decision, Outcome
from app.reviews.policy import Way

router = APIRouter()
RELEASED = {
    Way.SHORTLIST: N_("The shortlist is released, and every responder is told."),
    Way.ROUND: N_("The decisions are released, and everybody concerned is told."),
    Way.FINAL: N_("The decisions are released, and everybody concerned is told."),
    Way.FEEDBACK: N_("The feedback is released, and everybody who answered has it."),
}


# An answer is read here and not among the responses: only here its decision is known.
@router.get("/responses/{response_id}", name="reviews:read_response")
@writes
def read_response(
    request: Request,
    response: ViewableResponse,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> HttpResponse:
    note_reading(session, response.challenge, by=actor, at=now)
    return page(
        request,
        "reviews/response.html",
        response=response,
        challenge=response.challenge,
        shown=pages.response_page(session, response, actor, now=now),
    )


@router.post("/challenges/{challenge_id}/evaluation", name="reviews:start_evaluation")
def start_evaluation(
    request: Request,
    challenge: ReceivedChallenge,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> HttpResponse:
    beginning.start_evaluation(session, challenge, by=actor, outbox=outbox)
    if is_in_rounds(challenge):
        flash(request, gettext("The round has started. The challenge stays open for answers."))
    else:
        flash(request, gettext("The evaluation has started."))
    return RedirectResponse(f"/challenges/{challenge.id}/decisions", 303)


@router.get("/responses/{response_id}/decision", name="reviews:edit_decision")
def edit_decision(
    request: Request, response: DecidableResponse, session: DbSession
) -> HttpResponse:
    deciding.require_decidable(response)
    decision = queries.decision_in_preparation(session, response)
    form = Form[DecisionForm](raw=stored_fields(decision, response.challenge))
    return _decision_page(request, session, response, form)


@router.post("/responses/{response_id}/decision", name="reviews:prepare_decision")
def prepare_decision(
    request: Request,
    response: DecidableResponse,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> HttpResponse:
    form = read_decision(submitted, response.challenge).carried_out(
        session,
        lambda typed: deciding.prepare(
            session,
            response,
            typed.judgement(policy.judged_by(response.challenge)),
            seen_version=typed.version,
            by=actor,
            outbox=outbox,
        ),
    )
    if form.value is None:
        return _decision_page(request, session, response, form)
    flash(request, gettext("The decision is prepared. Nobody is told before the release."))
    return RedirectResponse(f"/challenges/{response.challenge_id}/decisions", 303)


def _decision_page(
    request: Request, session: DbSession, response: Response, form: Form[DecisionForm]
) -> HttpResponse:
    stored = queries.decision_in_preparation(session, response)
    offered = policy.offered(response)
    return page(
        request,
        "reviews/decision.html",
        status_code=form.status_code,
        response=response,
        challenge=response.challenge,
        form=form,
        outcomes=[(outcome.value, outcome.label) for outcome in Outcome if outcome in offered],
        version=stored.version if stored else 0,
        meanwhile=stored if stored and _is_stale(form, stored) else None,
        shown=pages.decision_page(session, response),
    )


def _is_stale(form: Form[DecisionForm], stored: Decision) -> bool:
    return form.get("version") != str(stored.version)


@router.get("/challenges/{challenge_id}/decisions", name="reviews:decisions")
@writes
def decisions(
    request: Request,
    challenge: ReceivedChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> HttpResponse:
    if not is_unsealed(challenge, now=now):
        return RedirectResponse(f"/challenges/{challenge.id}/responses", 303)
    if challenge.mode is Mode.CONSULTATION:
        return RedirectResponse(f"/challenges/{challenge.id}/feedback", 303)
    note_reading(session, challenge, by=actor, at=now)
    return _decisions_page(request, session, challenge, actor, Form())


def _decisions_page(
    request: Request,
    session: DbSession,
    challenge: Challenge,
    actor: Actor,
    form: Form[WaiverForm],
) -> HttpResponse:
    return page(
        request,
        "reviews/decisions.html",
        status_code=form.status_code,
        challenge=challenge,
        shown=pages.decisions_page(session, challenge, actor),
        form=form,
    )


@router.post("/challenges/{challenge_id}/decisions/waiver", name="reviews:waive")
def waive(
    request: Request,
    challenge: OwnedChallenge,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    now: Now,
) -> HttpResponse:
    form = Form.read(WaiverForm, submitted)
    form = form.carried_out(
        session,
        lambda typed: agreeing.waive_reviews(session, challenge, typed.reason, by=actor, at=now),
    )
    if form.value is None:
        return _decisions_page(request, session, challenge, actor, form)
    flash(request, gettext("You can decide now without the missing reviews."))
    return RedirectResponse(f"/challenges/{challenge.id}/decisions", 303)


@router.post("/challenges/{challenge_id}/decisions/proposal", name="reviews:propose_shortlist")
def propose_shortlist(
    request: Request,
    challenge: OwnedChallenge,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> HttpResponse:
    agreeing.propose_shortlist(session, challenge, by=actor, outbox=outbox)
    flash(request, gettext("Those who look after the challenge are asked to agree."))
    return RedirectResponse(f"/challenges/{challenge.id}/decisions", 303)


@router.post("/challenges/{challenge_id}/decisions/agreement", name="reviews:agree")
def agree(
    request: Request,
    challenge: ReceivedChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> HttpResponse:
    agreeing.agree(session, challenge, by=actor, at=now)
    flash(request, gettext("You have agreed to this shortlist. The owner can release it now."))
    return RedirectResponse(f"/challenges/{challenge.id}/decisions", 303)


@router.get("/challenges/{challenge_id}/decisions/release", name="reviews:confirm_release")
def confirm_release(
    request: Request, challenge: OwnedChallenge, session: DbSession
) -> HttpResponse:
    try:
        shown = pages.release_page(session, challenge)
    except releasing.AnswersOpen as refusal:
        return _open_answers_page(request, challenge, refusal)
    return page(request, "reviews/release.html", challenge=challenge, shown=shown)


@router.post("/challenges/{challenge_id}/decisions/release", name="reviews:release")
def release(
    request: Request,
    challenge: OwnedChallenge,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    now: Now,
) -> HttpResponse:
    try:
        with all_or_nothing(session):
            way = releasing.release(session, challenge, by=actor, outbox=outbox, at=now)
    except releasing.AnswersOpen as refusal:
        return _open_answers_page(request, challenge, refusal)
    flash(request, gettext(RELEASED[way]))
    return RedirectResponse(f"/challenges/{challenge.id}/decisions", 303)


def _open_answers_page(
    request: Request, challenge: Challenge, refusal: releasing.AnswersOpen
) -> HttpResponse:
    return page(
        request,
        "reviews/open_answers.html",
        status_code=refusal.status_code,
        challenge=challenge,
        responses=refusal.responses,
    )


@router.get("/responses/{response_id}/acceptance", name="reviews:acceptance")
def show_acceptance(request: Request, response: OwnResponse, session: DbSession) -> HttpResponse:
    return _acceptance_page(request, session, response, Form())


@router.post("/responses/{response_id}/acceptance", name="reviews:reply")
def reply(
    request: Request,
    response: OwnResponse,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> HttpResponse:
    def act(typed: ReplyForm) -> None:
        if typed.reply == "accept":
            accepting.accept(session, response, by=actor, outbox=outbox)
        else:
            accepting.refuse(session, response, reason=typed.reason, by=actor, outbox=outbox)

    form = Form.read(ReplyForm, submitted).carried_out(session, act)
    if form.value is None:
        return _acceptance_page(request, session, response, form)
    flash(request, gettext("Thank you. The owner has been told."))
    return RedirectResponse(f"/responses/{response.id}", 303)


def _acceptance_page(
    request: Request, session: DbSession, response: Response, form: Form[ReplyForm]
) -> HttpResponse:
    return page(
        request,
        "reviews/acceptance.html",
        status_code=form.status_code,
        response=response,
        challenge=response.challenge,
        decision=queries.decision_on(session, response),
        form=form,
    )
