"""What the page of a case shows."""

from dataclasses import dataclass
from datetime import datetime

from app.core.database import DbSession
from app.disqualifications import policy, queries
from app.disqualifications.models import Case
from app.organisations.policy import Actor
from app.responses.models import Response


@dataclass(frozen=True)
class CasePage:
    """The case against an answer, if there is one, and what this person may do."""

    case: Case | None
    may_open: bool
    may_reply: bool
    may_settle: bool
    is_ripe: bool


def case_page(session: DbSession, response: Response, actor: Actor, now: datetime) -> CasePage:
    """Return what this person sees of the case against an answer."""
    case = queries.latest_case(session, response)
    is_open = case is not None and case.settled_at is None
    judges, can_end = policy.may_judge(actor, response), policy.is_excludable(response)
    return CasePage(
        case=case,
        may_open=judges and can_end and not is_open,
        may_reply=case is not None and policy.may_reply(actor, response, case, now),
        may_settle=judges and is_open and can_end,
        is_ripe=case is not None and policy.is_ripe(case, now),
    )
