"""The beginning of an evaluation."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import MACHINE as CHALLENGE_MACHINE
from app.challenges.models import Challenge, ChallengeState, Mode
from app.challenges.policy import is_in_rounds
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_
from app.core.journal import By
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.evaluations.actions.panel import require_panel, settle_conflicts
from app.evaluations.actions.scoring import call_again
from app.organisations.policy import Actor
from app.responses.models import MACHINE as RESPONSE_MACHINE
from app.responses.models import Response, ResponseState
from app.responses.policy import is_unsealed
from app.responses.queries import handed_in
from app.reviews import policy
from app.screenings.policy import unscreened


def start_evaluation(session: Session, challenge: Challenge, *, by: Actor, outbox: Outbox) -> None:
    """Begin the evaluation of a closed challenge, or the next round of a rolling one.

    In a round it is every answer found eligible since the last; the challenge stays open.

    :raises Forbidden: unless they act for the owner or look after the challenge
    :raises DomainError: before the deadline, while an answer is not screened, where nothing is
        chosen, and if no answer is there for a round
    :raises PanelIncomplete: while too few evaluators have declared that they have no conflict
    :raises MoveRefused: unless the challenge is closed, or open and rolling
    """
    at, mover = outbox.now, policy.evaluation_mover(by, challenge)
    if mover is None:
        raise Forbidden(N_("Only the owner and the cluster manager can start the evaluation."))
    if challenge.mode is Mode.CONSULTATION:
        raise DomainError(N_("A market consultation chooses nobody: there is nothing to evaluate."))
    settle_conflicts(session, challenge, at=at)
    eligible = _ready(session, challenge, at)
    who = _acting_as(by, challenge, mover)
    if is_in_rounds(challenge):
        CHALLENGE_MACHINE.act(session, challenge, "round_begun", mover=mover, by=who, at=at)
    else:
        to = ChallengeState.EVALUATING
        CHALLENGE_MACHINE.move(session, challenge, to=to, mover=mover, by=who, at=at)
    for response in eligible:
        RESPONSE_MACHINE.move(
            session, response, to=ResponseState.IN_EVALUATION, mover=mover, by=who, at=at
        )
    if eligible:
        call_again(session, challenge, outbox=outbox)


def _ready(session: Session, challenge: Challenge, at: datetime) -> Sequence[Response]:
    """Return what is to be evaluated; in another state the move says what is wrong."""
    is_round = is_in_rounds(challenge)
    if challenge.state is not ChallengeState.CLOSED and not is_round:
        return ()
    if not is_unsealed(challenge, now=at):
        raise DomainError(N_("The evaluation can start after the deadline."))
    responses = handed_in(session, challenge.id)
    if unscreened(responses) and not is_round:
        raise DomainError(N_("The evaluation can start once every answer is screened."))
    eligible = [r for r in responses if r.state is ResponseState.ELIGIBLE]
    if is_round and not eligible:
        raise DomainError(N_("A round can start once an answer is found eligible."))
    require_panel(session, challenge, eligible, at=at)
    return eligible


def _acting_as(actor: Actor, challenge: Challenge, mover: Mover) -> By:
    if mover is Mover.OWNER:
        return actor.by(challenge.owner)
    is_cluster = actor.acts_for(challenge.curating_cluster_id)
    return actor.by(challenge.curating_cluster if is_cluster else None)
