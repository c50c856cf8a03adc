"""JSON in, JSON out."""

from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Done
from app.core.outbox import RequestOutbox
from app.organisations.access import SignedInActor
from app.redirections import actions, pages
from app.redirections.access import OwnProposal, SecondLife
from app.redirections.schemas import ConsentWritten, ProposalWritten, SecondLifeShown, Taking
from app.responses.access import OwnResponse
from app.responses.models import Response

router = ApiRouter("redirections")
WRITE = Scope.RESPONSES_WRITE
LIFE = "/responses/{response_id}/second-life"
PROPOSAL = f"{LIFE}/proposals/{{proposal_id}}"


@router.read(LIFE, "show", scope=Scope.RESPONSES_READ, twin="redirections:show")
def show_second_life(
    response: SecondLife, actor: SignedInActor, session: DbSession, now: Now
) -> SecondLifeShown:
    """Show whether an answer that did not win may be proposed for other challenges, and where."""
    return SecondLifeShown.of(pages.second_life_page(session, response, actor, now=now))


@router.act(f"{LIFE}/consent", "consent", scope=WRITE, twin="redirections:consent", method="PUT")
def consent(
    response: OwnResponse,
    typed: ConsentWritten,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> SecondLifeShown:
    """Allow that your answer is proposed for other challenges, or take that back."""
    change = actions.allow if typed.allowed else actions.forbid
    change(session, response, by=actor, at=now)
    session.flush()
    return SecondLifeShown.of(pages.second_life_page(session, response, actor, now=now))


@router.act(f"{LIFE}/take", "take", scope=WRITE, twin="redirections:take", status_code=201)
def take_over(
    response: OwnResponse, typed: Taking, actor: SignedInActor, session: DbSession, now: Now
) -> Done:
    """Take your answer over for another challenge; the new draft is named."""
    return _draft(session, actions.take(session, response, typed.target_id, by=actor, at=now))


@router.act(
    f"{LIFE}/proposals", "propose", scope=WRITE, twin="redirections:propose", status_code=201
)
def propose(
    response: SecondLife,
    typed: ProposalWritten,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> SecondLifeShown:
    """Propose somebody's answer for another challenge; the organisation decides alone."""
    target_id, note = typed.target_id, typed.note
    actions.propose(session, response, target_id, note=note, by=actor, outbox=outbox)
    session.flush()
    shown = pages.second_life_page(session, response, actor, now=outbox.now)
    return SecondLifeShown.of(shown)


@router.act(
    f"{PROPOSAL}/accept", "accept", scope=WRITE, twin="redirections:accept", status_code=201
)
def accept_proposal(
    proposal: OwnProposal, actor: SignedInActor, session: DbSession, outbox: RequestOutbox
) -> Done:
    """Take your answer over for the proposed challenge; the new draft is named."""
    return _draft(session, actions.accept(session, proposal, by=actor, outbox=outbox))


@router.act(f"{PROPOSAL}/decline", "decline", scope=WRITE, twin="redirections:decline")
def decline_proposal(
    proposal: OwnProposal, actor: SignedInActor, session: DbSession, outbox: RequestOutbox
) -> Done:
    """Decline a proposal."""
    actions.decline(session, proposal, by=actor, outbox=outbox)
    return Done(id=proposal.id, state=proposal.state)


def _draft(session: DbSession, draft: Response) -> Done:
    session.flush()
    return Done(id=draft.id, state=draft.state, version=draft.version)
