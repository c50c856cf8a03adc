"""Who evaluates and decides, and who may read a decision. Pure functions."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.challenges.models import Challenge
from app.challenges.policy import acts_for_owner, is_curator
from app.core.state_machine import Mover
from app.organisations.policy import Actor
from app.responses.models import AWAITING_DECISION, Response
from app.responses.policy import is_author, receives_answers
from app.reviews.models import Decision

REPLY_TERM = timedelta(days=10)
"""How long a selected organisation may think before it accepts or refuses."""
REPLY_NUDGE = timedelta(days=7)


def evaluation_mover(actor: Actor, challenge: Challenge) -> Mover | None:
    """Return the role in which they start the evaluation; the region acts as a curator."""
    if acts_for_owner(actor, challenge):
        return Mover.OWNER
    return Mover.CURATOR if is_curator(actor, challenge) else None


def can_decide(actor: Actor, response: Response) -> bool:
    """Whether they may decide on an answer: never on one of their own organisation."""
    return acts_for_owner(actor, response.challenge) and not is_author(actor, response)


def can_see_decision(actor: Actor, decision: Decision, response: Response) -> bool:
    """Whether they may read the decision on an answer that they may read.

    Its responder reads it once released, those who receive the answers at once.
    """
    if decision.released_at is not None:
        return True
    return receives_answers(actor, response.challenge) and not is_author(actor, response)


def is_complete(decision: Decision, challenge: Challenge) -> bool:
    """Whether the decision says all that a responder is owed.

    That is the reason, and a strength and a gap by every main criterion; challenges from before
    there were criteria owe strengths and gaps in one text.
    """
    given = {feedback.criterion_id: feedback for feedback in decision.feedback}
    main = [given.get(criterion.id) for criterion in challenge.main_criteria]
    if not main:
        return _are_written(decision.reason, decision.strengths, decision.gaps)
    feedback = [text for each in main for text in ((each.strength, each.gap) if each else ("",))]
    return _are_written(decision.reason, *feedback)


def _are_written(*texts: str) -> bool:
    return all(text.strip() for text in texts)


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
        if response.id not in decisions
        or not is_complete(decisions[response.id], response.challenge)
    ]
