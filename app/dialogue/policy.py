"""Who may follow, ask, answer and add. Pure functions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.models import User
from app.challenges.models import MACHINE, Challenge
from app.challenges.policy import acts_for_owner, is_curator, is_owner_side
from app.core.state_machine import Mover
from app.dialogue.models import AddendumKind, Tie
from app.organisations.policy import Actor
from app.responses.policy import may_answer

SETTLED_BEFORE_CLOSE = timedelta(days=5)
"""What is asked does not change any more in this last stretch, unless the deadline moves."""


@dataclass(frozen=True)
class Listener:
    """Somebody who is told of a challenge, and why."""

    user: User
    tie: Tie


def speaks_for(actor: Actor, challenge: Challenge) -> Mover | None:
    """Return the role in which they answer questions and add to the text, if any."""
    if acts_for_owner(actor, challenge):
        return Mover.OWNER
    if not is_curator(actor, challenge):
        return None
    return Mover.CURATOR if actor.acts_for(challenge.curating_cluster_id) else Mover.REGION


def can_ask(actor: Actor, challenge: Challenge, now: datetime) -> bool:
    """Whether they may ask now: whoever could answer the challenge, while questions are taken."""
    if is_owner_side(actor, challenge) or not challenge.takes_questions(now):
        return False
    return any(may_answer(o, challenge) for o in actor.acting_organisations)


def can_speak_now(actor: Actor, challenge: Challenge) -> bool:
    """Whether they may answer questions and add to the text now."""
    mover = speaks_for(actor, challenge)
    return mover is not None and MACHINE.permits(challenge.state, "amended", mover)


def comes_too_late(kind: AddendumKind, challenge: Challenge, now: datetime) -> bool:
    """Whether responders would have too little time left for an addendum of this kind."""
    if kind is AddendumKind.CLARIFIES or challenge.closes_at is None:
        return False
    return challenge.closes_at - now < SETTLED_BEFORE_CLOSE
