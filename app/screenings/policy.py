"""Who screens answers, and which are left to screen. Pure functions."""

from collections.abc import Iterable

from app.challenges.models import Challenge
from app.challenges.policy import acts_for_owner, is_curator
from app.core.state_machine import Mover
from app.organisations.policy import Actor
from app.responses.models import Response, ResponseState
from app.responses.policy import is_author
from app.screenings.models import Objection

MAX_DAYS = 10
"""How long an organisation may be given to reply to a question."""
TO_SCREEN = frozenset({ResponseState.SUBMITTED, ResponseState.SCREENING, ResponseState.MORE_INFO})


def screening_mover(actor: Actor, challenge: Challenge) -> Mover | None:
    """Return the role in which they screen; the region acts as a curator."""
    if acts_for_owner(actor, challenge):
        return Mover.OWNER
    return Mover.CURATOR if is_curator(actor, challenge) else None


def can_screen(actor: Actor, response: Response) -> bool:
    """Whether they may screen an answer: never one of their own organisation."""
    is_mover = screening_mover(actor, response.challenge) is not None
    return is_mover and not is_author(actor, response)


def may_object(actor: Actor, response: Response) -> bool:
    """Whether they may hold an answer to be ineligible: those who look after the challenge."""
    return can_screen(actor, response) and is_curator(actor, response.challenge)


def may_settle(actor: Actor, response: Response) -> bool:
    """Whether they may settle an objection: the owner's people."""
    return can_screen(actor, response) and acts_for_owner(actor, response.challenge)


def may_uphold(actor: Actor, objection: Objection, response: Response) -> bool:
    """Whether they may confirm an objection: the owner's people, but not the one who objected."""
    is_own = actor.user is not None and objection.raised_by_id == actor.user.id
    return may_settle(actor, response) and not is_own


def is_current(objection: Objection, response: Response) -> bool:
    """Whether an objection is to an answer as it was handed in last."""
    return response.submitted_at is None or response.submitted_at <= objection.raised_at


def unscreened(responses: Iterable[Response]) -> list[Response]:
    """Return the answers about whose eligibility nothing is decided yet."""
    return [response for response in responses if response.state in TO_SCREEN]
