"""The panel and its members' declarations."""

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from app.challenges.access import ViewableChallenge
from app.challenges.models import Challenge
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import DomainError, WrongEntry
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import N_, gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.savepoints import all_or_nothing
from app.evaluations import pages, queries
from app.evaluations.access import OwnPart, PanelChallenge, PanelMember
from app.evaluations.actions import panel
from app.evaluations.forms import NO_CONFLICT, DeclarationForm, ProposalForm
from app.evaluations.models import DECLARABLE, Evaluator, EvaluatorState
from app.organisations.access import SignedInActor
from app.responses.policy import is_unsealed

router = APIRouter()


@router.get("/challenges/{challenge_id}/panel", name="evaluations:panel")
def show_panel(
    request: Request, challenge: PanelChallenge, session: DbSession, now: Now
) -> Response:
    return _panel_page(request, session, challenge, now, Form())


@router.post("/challenges/{challenge_id}/panel", name="evaluations:propose")
def propose(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    request: Request,
    challenge: PanelChallenge,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
    now: Now,
) -> Response:
    form = Form.read(ProposalForm, submitted)
    if form.value is None:
        return _panel_page(request, session, challenge, now, form)
    email = form.value.email
    try:
        with all_or_nothing(session):
            evaluator = panel.propose(session, challenge, email, by=actor, outbox=outbox)
    except DomainError as refusal:
        form = form.refused(refusal, on="email")
        return _panel_page(request, session, challenge, now, form)
    name = evaluator.user.name
    flash(request, gettext("%(name)s is asked to declare conflicts.") % {"name": name})
    return RedirectResponse(f"/challenges/{challenge.id}/panel", 303)


def _panel_page(
    request: Request,
    session: DbSession,
    challenge: Challenge,
    now: Now,
    form: Form[ProposalForm],
) -> Response:
    return page(
        request,
        "evaluations/panel.html",
        status_code=form.status_code,
        challenge=challenge,
        shown=pages.panel_page(session, challenge, now=now),
        form=form,
    )


@router.post(
    "/challenges/{challenge_id}/panel/{evaluator_id}/dismissal", name="evaluations:dismiss"
)
def dismiss(
    request: Request,
    challenge: PanelChallenge,
    evaluator: PanelMember,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    panel.dismiss(session, challenge, evaluator, by=actor, at=now)
    name = evaluator.user.name
    flash(request, gettext("%(name)s is no longer on the panel.") % {"name": name})
    return RedirectResponse(f"/challenges/{challenge.id}/panel", 303)


@router.post("/challenges/{challenge_id}/panel/criteria", name="evaluations:take_criteria")
def take_criteria(
    request: Request, challenge: PanelChallenge, actor: SignedInActor, session: DbSession, now: Now
) -> Response:
    panel.take_usual_criteria(session, challenge, by=actor, at=now)
    flash(request, gettext("The usual criteria are taken."))
    return RedirectResponse(f"/challenges/{challenge.id}/panel", 303)


@router.get("/challenges/{challenge_id}/declaration", name="evaluations:declaration")
def show_declaration(
    request: Request,
    challenge: ViewableChallenge,
    evaluator: OwnPart,
    session: DbSession,
    now: Now,
) -> Response:
    return _declaration_page(request, session, challenge, evaluator, now, Form())


@router.post("/challenges/{challenge_id}/declaration", name="evaluations:declare")
def declare(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    request: Request,
    challenge: ViewableChallenge,
    evaluator: OwnPart,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(DeclarationForm, submitted)
    answered = {row.response_id for row in form.value.rows} if form.value else set()
    asked = queries.undeclared(session, challenge, evaluator)
    if form.value is not None and any(r.id not in answered for r in asked):
        unsaid = WrongEntry(N_("Say for every answer whether there is a conflict."))
        form = form.refused(unsaid)
    if form.value is None:
        return _declaration_page(request, session, challenge, evaluator, outbox.now, form)
    declared = form.value.declared()
    panel.declare(session, challenge, evaluator, declared, by=actor, outbox=outbox)
    if evaluator.state is EvaluatorState.RECUSED:
        flash(request, gettext("Thank you. You do not evaluate this challenge."))
        return RedirectResponse(f"/challenges/{challenge.id}/declaration", 303)
    flash(request, gettext("Thank you. You can read the answers now."))
    return RedirectResponse(f"/challenges/{challenge.id}/evaluation", 303)


def _declaration_page(
    request: Request,
    session: DbSession,
    challenge: Challenge,
    evaluator: Evaluator,
    now: Now,
    form: Form[DeclarationForm],
) -> Response:
    is_sealed = not is_unsealed(challenge, now=now)
    options = [(kind.value, kind.label) for kind in DECLARABLE]
    return page(
        request,
        "evaluations/declaration.html",
        status_code=form.status_code,
        challenge=challenge,
        evaluator=evaluator,
        is_sealed=is_sealed,
        responses=() if is_sealed else queries.undeclared(session, challenge, evaluator),
        options=[(NO_CONFLICT, gettext("No conflict")), *options],
        form=form,
    )
