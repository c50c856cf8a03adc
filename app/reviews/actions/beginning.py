"""The beginning of an evaluation."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import MACHINE as CHALLENGE_MACHINE
from app.challenges.models import Challenge, ChallengeState, Mode
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_
from app.core.journal import By
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.evaluations import emails as evaluation_emails
from app.evaluations.actions.panel import require_panel
from app.evaluations.models import Evaluator
from app.organisations.policy import Actor
from app.responses.models import MACHINE as RESPONSE_MACHINE
from app.responses.models import Response, ResponseState
from app.responses.policy import is_unsealed
from app.responses.queries import handed_in
from app.reviews import policy
from app.screenings.policy import unscreened


def start_evaluation(session: Session, challenge: Challenge, *, by: Actor, outbox: Outbox) -> None:
    """Begin the evaluation of a closed challenge and of every eligible answer.

    :raises Forbidden: unless they act for the owner or look after the challenge
    :raises DomainError: before the deadline, while an answer is not screened, and where nothing
        is chosen
    :raises PanelIncomplete: while too few evaluators have declared that they have no conflict
    :raises MoveRefused: unless the challenge is closed
    """
    at, mover = outbox.now, policy.evaluation_mover(by, challenge)
    if mover is None:
        raise Forbidden(N_("Only the owner and the cluster manager can start the evaluation."))
    if challenge.mode is Mode.CONSULTATION:
        raise DomainError(N_("A market consultation chooses nobody: there is nothing to evaluate."))
    eligible, evaluators = _ready(session, challenge, at)
    who = _acting_as(by, challenge, mover)
    to = ChallengeState.EVALUATING
    CHALLENGE_MACHINE.move(session, challenge, to=to, mover=mover, by=who, at=at)
    for response in eligible:
        RESPONSE_MACHINE.move(
            session, response, to=ResponseState.IN_EVALUATION, mover=mover, by=who, at=at
        )
    for evaluator in evaluators:
        outbox.add(evaluation_emails.begun(challenge, to=evaluator.user, links=outbox.links))


def _ready(
    session: Session, challenge: Challenge, at: datetime
) -> tuple[Sequence[Response], Sequence[Evaluator]]:
    """Return what is to be evaluated and by whom; in another state the move says what is wrong."""
    if challenge.state is not ChallengeState.CLOSED:
        return (), ()
    if not is_unsealed(challenge, now=at):
        raise DomainError(N_("The evaluation can start after the deadline."))
    responses = handed_in(session, challenge.id)
    if unscreened(responses):
        raise DomainError(N_("The evaluation can start once every answer is screened."))
    eligible = [r for r in responses if r.state is ResponseState.ELIGIBLE]
    return eligible, require_panel(session, challenge, eligible, at=at)


def _acting_as(actor: Actor, challenge: Challenge, mover: Mover) -> By:
    if mover is Mover.OWNER:
        return actor.by(challenge.owner)
    is_cluster = actor.acts_for(challenge.curating_cluster_id)
    return actor.by(challenge.curating_cluster if is_cluster else None)
