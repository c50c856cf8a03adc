"""Scores, the comparison, and recorded discussions."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse
from starlette.responses import Response as HttpResponse

from app.challenges.access import ViewableChallenge
from app.core.clock import Now
from app.core.database import DbSession, writes
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.evaluations import pages, queries
from app.evaluations.access import (
    ComparedChallenge,
    DiscussedResponse,
    Scored,
    ScoredResponse,
    ScoringPart,
)
from app.evaluations.actions import scoring
from app.evaluations.actions.panel import settle_conflicts
from app.evaluations.forms import DiscussionForm, ScoreForm, stored_sheet
from app.organisations.access import SignedInActor
from app.responses.models import Response
from app.screenings.queries import request_about

router = APIRouter()


@router.get("/challenges/{challenge_id}/evaluation", name="evaluations:worklist")
def show_worklist(
    request: Request, challenge: ViewableChallenge, evaluator: ScoringPart, session: DbSession
) -> HttpResponse:
    shown = pages.worklist(session, challenge, evaluator)
    return page(request, "evaluations/worklist.html", challenge=challenge, shown=shown)


@router.get("/responses/{response_id}/scores", name="evaluations:scores")
def show_scores(request: Request, scored: ScoredResponse, session: DbSession) -> HttpResponse:
    sheet = queries.sheet_by(session, scored.evaluator, scored.response.id)
    ids = [criterion.id for criterion in scored.response.challenge.criteria]
    return _scores_page(request, session, scored, Form(raw=stored_sheet(sheet, ids)))


@router.post("/responses/{response_id}/scores", name="evaluations:score")
def score(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    request: Request,
    scored: ScoredResponse,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
    now: Now,
) -> HttpResponse:
    evaluator, response = scored.evaluator, scored.response

    def act(typed: ScoreForm) -> None:
        if submitted.get("do") == "lock":
            scoring.lock(session, evaluator, response, typed.filled(), by=actor, outbox=outbox)
        else:
            scoring.save(session, evaluator, response, typed.filled(), at=now)

    form = Form.read(ScoreForm, submitted).carried_out(session, act)
    if form.value is None:
        return _scores_page(request, session, scored, form)
    flash(request, gettext("Your scores are saved."))
    return RedirectResponse(f"/challenges/{response.challenge_id}/evaluation", 303)


def _scores_page(
    request: Request,
    session: DbSession,
    scored: Scored,
    form: Form[ScoreForm],
) -> HttpResponse:
    return page(
        request,
        "evaluations/scores.html",
        status_code=form.status_code,
        response=scored.response,
        challenge=scored.response.challenge,
        shown=pages.sheet_page(session, scored.response, scored.evaluator),
        information=request_about(session, scored.response),
        scale=pages.SCALE,
        form=form,
    )


@router.get("/challenges/{challenge_id}/comparison", name="evaluations:comparison")
@writes
def show_comparison(
    request: Request, compared: ComparedChallenge, session: DbSession, now: Now
) -> HttpResponse:
    challenge = compared.challenge
    settle_conflicts(session, challenge, at=now)
    shown = pages.comparison(session, challenge, compared.evaluator, may_record=compared.may_record)
    return page(request, "evaluations/comparison.html", challenge=challenge, shown=shown)


@router.get("/responses/{response_id}/discussion", name="evaluations:discussion")
def show_discussion(
    request: Request, response: DiscussedResponse, session: DbSession
) -> HttpResponse:
    found = queries.discussions_by_response(session, response.challenge_id).get(response.id)
    form: Form[DiscussionForm] = Form(raw={"text": found.text if found else ""})
    return _discussion_page(request, response, form, scoring.apart(session, response))


@router.post("/responses/{response_id}/discussion", name="evaluations:discuss")
def discuss(
    request: Request,
    response: DiscussedResponse,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    now: Now,
) -> HttpResponse:
    form = Form.read(DiscussionForm, submitted).carried_out(
        session, lambda typed: scoring.discuss(session, response, typed.text, by=actor, at=now)
    )
    if form.value is None:
        return _discussion_page(request, response, form, scoring.apart(session, response))
    flash(request, gettext("The discussion is recorded."))
    return RedirectResponse(f"/challenges/{response.challenge_id}/comparison", 303)


def _discussion_page(
    request: Request,
    response: Response,
    form: Form[DiscussionForm],
    apart: list[str],
) -> HttpResponse:
    return page(
        request,
        "evaluations/discussion.html",
        status_code=form.status_code,
        response=response,
        challenge=response.challenge,
        apart=apart,
        form=form,
    )
