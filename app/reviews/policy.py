"""Who evaluates and decides, and who may read a decision. Pure functions."""

from collections.abc import Mapping, Sequence

from app.challenges.models import Challenge
from app.challenges.policy import acts_for_owner, is_curator
from app.core.state_machine import Mover
from app.organisations.policy import Actor
from app.responses.models import AWAITING_DECISION, Response
from app.responses.policy import receives_answers
from app.reviews.models import Decision


def evaluation_mover(actor: Actor, challenge: Challenge) -> Mover | None:
    """Return the role in which they start the evaluation; the region acts as a curator."""
    if acts_for_owner(actor, challenge):
        return Mover.OWNER
    return Mover.CURATOR if is_curator(actor, challenge) else None


def can_decide(actor: Actor, response: Response) -> bool:
    """Whether they may decide on an answer: never on one of their own organisation."""
    is_party = actor.belongs_to(response.organisation_id)
    return acts_for_owner(actor, response.challenge) and not is_party


def can_see_decision(actor: Actor, decision: Decision, response: Response) -> bool:
    """Whether they may read the decision on an answer that they may read.

    Its responder reads it once released, those who receive the answers at once.
    """
    if decision.released_at is not None:
        return True
    is_party = actor.belongs_to(response.organisation_id)
    return receives_answers(actor, response.challenge) and not is_party


def is_complete(decision: Decision) -> bool:
    """Whether the decision says all that a responder is owed."""
    return all(text.strip() for text in (decision.reason, decision.strengths, decision.gaps))


def to_decide(responses: Sequence[Response]) -> Sequence[Response]:
    """Return the answers whose responders are owed a decision by the owner."""
    return [response for response in responses if response.state in AWAITING_DECISION]


def still_open(
    responses: Sequence[Response], decisions: Mapping[int, Decision]
) -> Sequence[Response]:
    """Return the answers that lack a decision, its reason or its feedback.

    :param decisions: by response id
    """
    return [
        response
        for response in to_decide(responses)
        if response.id not in decisions or not is_complete(decisions[response.id])
    ]
