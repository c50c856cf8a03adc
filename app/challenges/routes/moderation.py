"""The moderators' side: what waits for a review, and the decision."""

from collections.abc import Iterable
from datetime import datetime

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from app.challenges import actions
from app.challenges.access import ModeratedChallenge, Moderator
from app.challenges.forms.review import ReviewForm
from app.challenges.models import REVIEWABLE_STATES, Challenge
from app.challenges.pages.drafting import lines
from app.challenges.pages.moderation import queue, review
from app.core.clock import Now
from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import N_, gettext
from app.core.outbox import Outbox, RequestOutbox
from app.core.rendering import page
from app.core.state_machine import ReasonMissing
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor

router = APIRouter()
DONE = {
    "approve": N_("“%(title)s” is approved. Its owner has been told."),
    "request_changes": N_("“%(title)s” is back with its owner, with your reason."),
    "decline": N_("“%(title)s” will not be published. Its owner has been told why."),
}


@router.get("/moderation", name="challenges:moderation")
def show_queue(request: Request, actor: Moderator, session: DbSession, now: Now) -> Response:
    return page(request, "challenges/moderation.html", waiting=queue(session, actor, now))


@router.get("/challenges/{challenge_id}/review", name="challenges:review")
def show_review(
    request: Request,
    challenge: ModeratedChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    return _review_page(request, session, challenge, actor, now)


@router.post("/challenges/{challenge_id}/review", name="challenges:decide")
def decide(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    request: Request,
    challenge: ModeratedChallenge,
    data: SubmittedForm,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    now: Now,
) -> Response:
    form = Form.read(ReviewForm, data)
    typed = form.value
    if typed is None:
        return _review_page(request, session, challenge, actor, now, form)
    actions.refuse_if_stale(challenge, typed.version, while_in=REVIEWABLE_STATES)
    form = form.carried_out(
        session,
        lambda typed: _carry_out(request, typed, session, challenge, actor, outbox),
        catching=ReasonMissing,
    )
    if form.value is None:
        return _review_page(request, session, challenge, actor, now, form)
    flash(request, gettext(DONE[typed.decision]) % {"title": challenge.title})
    return RedirectResponse("/moderation", 303)


def _carry_out(
    request: Request,
    typed: ReviewForm,
    session: DbSession,
    challenge: Challenge,
    by: Actor,
    outbox: Outbox,
) -> None:
    at = outbox.now
    if typed.decision == "approve":
        checks = request.app.state.publication_checks
        actions.approve(session, challenge, checks=checks, by=by, outbox=outbox, at=at)
        return
    give_back = actions.decline if typed.decision == "decline" else actions.request_changes
    give_back(session, challenge, by=by, reason=typed.reason, outbox=outbox, at=at)


def _review_page(
    request: Request,
    session: DbSession,
    challenge: Challenge,
    actor: Actor,
    now: datetime,
    form: Form[ReviewForm] | None = None,
) -> Response:
    checks: Iterable[actions.PublicationCheck] = request.app.state.publication_checks
    is_waiting = challenge.state in REVIEWABLE_STATES
    return page(
        request,
        "challenges/review.html",
        status_code=422 if form else 200,
        challenge=challenge,
        shown=review(session, challenge, actor, now),
        missing=[m for check in checks if (m := check(session, challenge))] if is_waiting else (),
        form=form or Form(),
        lines=lines(),
    )
