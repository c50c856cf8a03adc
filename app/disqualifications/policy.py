"""Who opens and settles a case against an answer, who reads it, and for how long it waits."""

from datetime import datetime, timedelta

from app.challenges.policy import is_owner_side
from app.core.state_machine import Mover
from app.disqualifications.models import Case
from app.organisations.policy import Actor
from app.responses.models import MACHINE, Response, ResponseState
from app.responses.policy import can_edit, is_author

REPLY_TERM = timedelta(days=5)
"""How long an organisation has to reply before anything is decided."""
REMINDER = timedelta(days=4)


def may_judge(actor: Actor, response: Response) -> bool:
    """Whether they open and settle cases: the region, and never about an answer of their own."""
    is_party = is_author(actor, response) or is_owner_side(actor, response.challenge)
    return actor.is_regional_developer and not is_party


def may_read(actor: Actor, response: Response, case: Case | None) -> bool:
    """Whether they read a case: both sides, once there is one; the region also before."""
    if may_judge(actor, response):
        return True
    is_side = is_author(actor, response) or is_owner_side(actor, response.challenge)
    return case is not None and (is_side or actor.is_regional_developer)


def is_excludable(response: Response) -> bool:
    """Whether there is anything left from which an answer could be excluded."""
    return MACHINE.allows(response.state, ResponseState.DISQUALIFIED, Mover.REGION)


def may_reply(actor: Actor, response: Response, case: Case, now: datetime) -> bool:
    """Whether they may reply now: those who write for the organisation, once, in time."""
    is_open = case.settled_at is None and case.replied_at is None and now < case.reply_by
    return is_open and can_edit(actor, response)


def is_ripe(case: Case, now: datetime) -> bool:
    """Whether a case can be confirmed: the organisation has replied, or its time is over."""
    return case.settled_at is None and (case.replied_at is not None or now >= case.reply_by)
