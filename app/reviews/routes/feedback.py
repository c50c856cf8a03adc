"""HTTP in, HTTP out: feedback on the answers to a market consultation, several at once."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response as HttpResponse

from app.challenges.models import Challenge, Mode
from app.core.clock import Now
from app.core.database import DbSession, writes
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor
from app.responses.access import ReceivedChallenge
from app.responses.actions import note_reading
from app.responses.policy import is_unsealed
from app.reviews import pages
from app.reviews.access import ConsultedChallenge
from app.reviews.actions import acknowledging
from app.reviews.forms import FeedbackForm, aligned, feedback_fields, read_feedback

router = APIRouter()


@router.get("/challenges/{challenge_id}/feedback", name="reviews:feedback")
@writes
def feedback(
    request: Request,
    challenge: ReceivedChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> HttpResponse:
    if not is_unsealed(challenge, now=now):
        return RedirectResponse(f"/challenges/{challenge.id}/responses", 303)
    if challenge.mode is not Mode.CONSULTATION:
        return RedirectResponse(f"/challenges/{challenge.id}/decisions", 303)
    note_reading(session, challenge, by=actor, at=now)
    return _feedback_page(request, session, challenge, actor, None)


@router.post("/challenges/{challenge_id}/feedback", name="reviews:prepare_feedback")
def prepare_feedback(
    request: Request,
    challenge: ConsultedChallenge,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> HttpResponse:
    form = read_feedback(submitted).carried_out(
        session,
        lambda typed: acknowledging.prepare_several(
            session, challenge, typed.judgements(), by=actor, outbox=outbox
        ),
    )
    if form.value is None:
        return _feedback_page(request, session, challenge, actor, form)
    flash(request, gettext("The feedback is prepared. Nobody is told before the release."))
    return RedirectResponse(f"/challenges/{challenge.id}/feedback", 303)


def _feedback_page(
    request: Request,
    session: DbSession,
    challenge: Challenge,
    actor: Actor,
    typed: Form[FeedbackForm] | None,
) -> HttpResponse:
    shown = pages.feedback_page(session, challenge, actor)
    if typed is None:
        form = Form[FeedbackForm](raw=feedback_fields(shown.waiting))
    else:
        form = aligned(typed, [response for response, _ in shown.waiting])
    return page(
        request,
        "reviews/feedback.html",
        status_code=form.status_code,
        challenge=challenge,
        shown=shown,
        form=form,
    )
