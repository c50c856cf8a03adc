"""The panel and its members' declarations."""

from app.accounts.models import Scope
from app.challenges.access import ViewableChallenge
from app.challenges.models import Challenge
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import in_words
from app.core.i18n import gettext
from app.core.json_api import ApiRouter
from app.core.outbox import RequestOutbox
from app.core.problems import Invalid
from app.evaluations import pages
from app.evaluations.access import OwnPart, PanelChallenge, PanelMember
from app.evaluations.actions import panel
from app.evaluations.schemas import (
    Declaration,
    DeclarationShown,
    EvaluatorShown,
    Named,
    PanelShown,
    Part,
    Proposal,
)
from app.organisations.access import SignedInActor
from app.responses.queries import handed_in

router = ApiRouter("evaluations")
READ, WRITE = Scope.REVIEWS_READ, Scope.REVIEWS_WRITE
PANEL = "/challenges/{challenge_id}/panel"
DECLARATION = "/challenges/{challenge_id}/declaration"


@router.read(PANEL, "panel", scope=READ, twin="evaluations:panel")
def show_panel(challenge: PanelChallenge, session: DbSession, now: Now) -> PanelShown:
    """Show who evaluates, and what is missing before they begin."""
    return _shown(session, challenge, now)


@router.act(PANEL, "propose", scope=WRITE, twin="evaluations:propose", status_code=201)
def propose_evaluator(
    challenge: PanelChallenge,
    typed: Proposal,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> PanelShown:
    """Ask somebody to evaluate; they declare their conflicts of interest first."""
    panel.propose(session, challenge, typed.email, by=actor, outbox=outbox)
    session.flush()
    return _shown(session, challenge, outbox.now)


@router.act(
    f"{PANEL}/{{evaluator_id}}/dismissal", "dismiss", scope=WRITE, twin="evaluations:dismiss"
)
def dismiss_evaluator(
    challenge: PanelChallenge,
    evaluator: PanelMember,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> PanelShown:
    """Take somebody off the panel."""
    panel.dismiss(session, challenge, evaluator, by=actor, at=now)
    session.flush()
    return _shown(session, challenge, now)


@router.act(f"{PANEL}/criteria", "take_criteria", scope=WRITE, twin="evaluations:take_criteria")
def take_usual_criteria(
    challenge: PanelChallenge, actor: SignedInActor, session: DbSession, now: Now
) -> PanelShown:
    """Take the usual criteria for a challenge that has none."""
    panel.take_usual_criteria(session, challenge, by=actor, at=now)
    session.flush()
    return _shown(session, challenge, now)


def _shown(session: DbSession, challenge: Challenge, now: Now) -> PanelShown:
    shown = pages.panel_page(session, challenge, now=now)
    return PanelShown(
        evaluators=[EvaluatorShown.of(row) for row in shown.rows],
        to_screen=shown.to_screen,
        may_start=shown.may_start,
        missing=in_words(shown.missing) if shown.missing else "",
    )


@router.read(DECLARATION, "declaration", scope=READ, twin="evaluations:declaration")
def show_declaration(
    challenge: ViewableChallenge, evaluator: OwnPart, session: DbSession
) -> DeclarationShown:
    """Show your part in a panel, and titles and names of the answers to declare about."""
    return DeclarationShown(
        **Part.of(evaluator).model_dump(),
        responses=[Named.of(response) for response in handed_in(session, challenge.id)],
    )


@router.act(DECLARATION, "declare", scope=WRITE, twin="evaluations:declare")
def declare_conflicts(
    challenge: ViewableChallenge,
    evaluator: OwnPart,
    typed: Declaration,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> Part:
    """Declare your conflicts of interest, answer by answer."""
    answered = {row.response_id for row in typed.rows}
    if any(response.id not in answered for response in handed_in(session, challenge.id)):
        raise Invalid({"rows": gettext("Say for every answer whether there is a conflict.")})
    panel.declare(session, challenge, evaluator, typed.declared(), by=actor, outbox=outbox)
    session.flush()
    return Part.of(evaluator)
