"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse
from starlette.responses import Response as HttpResponse

from app.core.clock import Now
from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.savepoints import all_or_nothing
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor
from app.redirections import actions, pages
from app.redirections.access import OwnProposal, SecondLife
from app.redirections.forms import ProposalForm, TargetForm
from app.responses.access import OwnResponse
from app.responses.models import Response

router = APIRouter(tags=["redirections"])


@router.get("/responses/{response_id}/second-life", name="redirections:show")
def show(
    request: Request, response: SecondLife, actor: SignedInActor, session: DbSession, now: Now
) -> HttpResponse:
    shown = pages.second_life_page(session, response, actor, now=now)
    return _page(request, response, shown, Form[ProposalForm]())


@router.post("/responses/{response_id}/second-life/consent", name="redirections:consent")
def consent(
    request: Request,
    response: OwnResponse,
    actor: SignedInActor,
    session: DbSession,
    data: SubmittedForm,
    now: Now,
) -> HttpResponse:
    if data.get("allowed") == "1":
        actions.allow(session, response, by=actor, at=now)
        flash(request, gettext("Your consent is recorded. You are asked before anything happens."))
    else:
        actions.forbid(session, response, by=actor, at=now)
        flash(request, gettext("Your consent is taken back. Nobody proposes this answer."))
    return _back(response)


@router.post("/responses/{response_id}/second-life/take", name="redirections:take")
def take(
    request: Request,
    response: OwnResponse,
    actor: SignedInActor,
    session: DbSession,
    data: SubmittedForm,
    now: Now,
) -> HttpResponse:
    form = Form.read(TargetForm, data)
    if form.value is None:
        return _refused(request, session, response, actor, form, now)
    try:
        with all_or_nothing(session):
            draft = actions.take(session, response, form.value.target_id, by=actor, at=now)
    except actions.NoTarget as refusal:
        form = form.refused(refusal, on="target_id")
        return _refused(request, session, response, actor, form, now)
    return _to_draft(request, session, draft)


@router.post("/responses/{response_id}/second-life/proposals", name="redirections:propose")
def propose(
    request: Request,
    response: SecondLife,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> HttpResponse:
    form = Form.read(ProposalForm, data)
    form = form.carried_out(
        session,
        lambda typed: actions.propose(
            session, response, typed.target_id, note=typed.note, by=actor, outbox=outbox
        ),
        catching=actions.NoTarget,
    )
    if form.value is None:
        return _refused(request, session, response, actor, form, outbox.now)
    flash(request, gettext("The organisation is asked. It decides alone."))
    return _back(response)


@router.post(
    "/responses/{response_id}/second-life/proposals/{proposal_id}/accept",
    name="redirections:accept",
)
def accept(
    request: Request,
    proposal: OwnProposal,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> HttpResponse:
    draft = actions.accept(session, proposal, by=actor, outbox=outbox)
    return _to_draft(request, session, draft)


@router.post(
    "/responses/{response_id}/second-life/proposals/{proposal_id}/decline",
    name="redirections:decline",
)
def decline(
    request: Request,
    proposal: OwnProposal,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> HttpResponse:
    actions.decline(session, proposal, by=actor, outbox=outbox)
    flash(request, gettext("Thank you, the cluster manager knows."))
    return _back(proposal.response)


def _back(response: Response) -> RedirectResponse:
    return RedirectResponse(f"/responses/{response.id}/second-life", 303)


def _to_draft(request: Request, session: DbSession, draft: Response) -> RedirectResponse:
    session.flush()  # the draft gets its id
    flash(request, gettext("Your texts are in a new draft. Say now how you meet what is asked."))
    return RedirectResponse(f"/responses/{draft.id}/edit", 303)


def _refused(
    request: Request,
    session: DbSession,
    response: Response,
    actor: Actor,
    form: Form[ProposalForm] | Form[TargetForm],
    now: Now,
) -> HttpResponse:
    shown = pages.second_life_page(session, response, actor, now=now)
    return _page(request, response, shown, form, status_code=422)


def _page(
    request: Request,
    response: Response,
    shown: pages.SecondLifePage,
    form: Form[ProposalForm] | Form[TargetForm],
    *,
    status_code: int = 200,
) -> HttpResponse:
    return page(
        request,
        "redirections/second_life.html",
        status_code=status_code,
        shown=shown,
        response=response,
        challenge=response.challenge,
        form=form,
    )
