"""JSON in, JSON out."""

from datetime import datetime

from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession
from app.core.json_api import ApiRouter
from app.core.outbox import RequestOutbox
from app.disqualifications import actions, pages
from app.disqualifications.access import JudgedResponse, ResponseInCase
from app.disqualifications.schemas import CaseAgainst, CaseOpened, CaseReply, Settlement
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor
from app.responses.access import OwnResponse
from app.responses.models import Response

router = ApiRouter("disqualifications")
CASE = "/responses/{response_id}/disqualification"


@router.read(CASE, "show", scope=Scope.REVIEWS_READ, twin="disqualifications:show")
def show_case(
    response: ResponseInCase, actor: SignedInActor, session: DbSession, now: Now
) -> CaseAgainst:
    """Show the latest case against an answer."""
    return _shown(session, response, actor, now)


@router.act(
    CASE, "open", scope=Scope.REVIEWS_WRITE, twin="disqualifications:open", status_code=201
)  # fmt: skip
def open_case(
    response: JudgedResponse,
    typed: CaseOpened,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> CaseAgainst:
    """Open a case against an answer; its organisation has five days to reply."""
    actions.open_case(session, response, typed.evidence, by=actor, outbox=outbox)
    return _shown(session, response, actor, outbox.now)


@router.act(
    f"{CASE}/reply", "reply", scope=Scope.RESPONSES_WRITE, twin="disqualifications:reply"
)  # fmt: skip
def reply_to_case(
    response: OwnResponse,
    typed: CaseReply,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> CaseAgainst:
    """Reply to a case against your answer."""
    actions.reply(session, response, typed.reply, by=actor, outbox=outbox)
    return _shown(session, response, actor, outbox.now)


@router.act(
    f"{CASE}/settlement", "settle", scope=Scope.REVIEWS_WRITE, twin="disqualifications:settle"
)
def settle_case(
    response: JudgedResponse,
    typed: Settlement,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> CaseAgainst:
    """Confirm the disqualification, or lift it."""
    end = actions.confirm if typed.decision == "confirm" else actions.lift
    end(session, response, typed.reason, by=actor, outbox=outbox)
    return _shown(session, response, actor, outbox.now)


def _shown(session: DbSession, response: Response, actor: Actor, now: datetime) -> CaseAgainst:
    session.flush()
    return CaseAgainst.of(pages.case_page(session, response, actor, now))
