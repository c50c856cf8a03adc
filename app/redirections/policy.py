"""When an answer may have a second life, and who may say so."""

from app.challenges.models import Challenge, ChallengeState
from app.challenges.policy import is_curator
from app.core.state_machine import Mover
from app.organisations.policy import Actor
from app.responses.models import MACHINE, Response, ResponseState

LEFT_OVER = frozenset(
    {
        ResponseState.NOT_SHORTLISTED, ResponseState.RESERVE, ResponseState.NOT_SELECTED,
        ResponseState.ACKNOWLEDGED,
    }
)  # fmt: skip
"""States of an answer that won nothing, and whose organisation knows it."""


def is_free(response: Response) -> bool:
    """Whether an answer has no future where it is: it did not win, or the challenge is off."""
    is_off = response.challenge.state is ChallengeState.CANCELLED
    may_leave = MACHINE.allows(response.state, ResponseState.REDIRECTED, Mover.RESPONDER)
    return may_leave and (is_off or response.state in LEFT_OVER)


def may_propose(actor: Actor, response: Response) -> bool:
    """Whether they look after the challenge that was answered; nobody proposes their own."""
    return is_curator(actor, response.challenge) and not actor.acts_for(response.organisation_id)


def common_fields(response: Response, target: Challenge) -> list[str]:
    """Return the labels of the application fields that the answered and another challenge share."""
    wanted = set(response.challenge.field_ids)
    return [field.label for field in target.fields if field.id in wanted]
