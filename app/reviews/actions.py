"""Every change of decisions: prepared one by one, released together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.queries import regional_developers
from app.challenges.models import MACHINE as CHALLENGE_MACHINE
from app.challenges.models import Challenge, ChallengeState, Mode
from app.core import journal
from app.core.errors import DomainError, Forbidden, Stale
from app.core.i18n import N_
from app.core.journal import By
from app.core.outbox import Outbox
from app.core.state_machine import Mover, MoveRefused
from app.evaluations import emails as evaluation_emails
from app.evaluations.actions.panel import require_panel
from app.evaluations.actions.scoring import require_evaluated
from app.evaluations.models import Evaluator
from app.organisations.policy import Actor
from app.organisations.queries import acting_people
from app.responses.models import MACHINE as RESPONSE_MACHINE
from app.responses.models import Response, ResponseState
from app.responses.policy import is_unsealed
from app.responses.queries import handed_in
from app.reviews import emails, policy, queries
from app.reviews.models import Decision, Outcome
from app.screenings import emails as screening_emails
from app.screenings.policy import unscreened
from app.screenings.queries import objections_by_response


class NotUnderEvaluation(DomainError):
    """The answer is not being evaluated, or no longer: a released decision is final."""


class AnswersOpen(DomainError):
    """No silent ending: some answers still lack a decision with reason and feedback."""

    def __init__(self, responses: Sequence[Response]) -> None:
        super().__init__(N_("Some answers still lack a decision with reason and feedback."))
        self.responses = responses


@dataclass(frozen=True)
class Judgement:
    """What the owner says about one answer."""

    outcome: Outcome
    reason: str
    strengths: str
    gaps: str


def start_evaluation(session: Session, challenge: Challenge, *, by: Actor, outbox: Outbox) -> None:
    """Begin the evaluation of a closed challenge and of every eligible answer.

    :raises Forbidden: unless they act for the owner or look after the challenge
    :raises DomainError: before the deadline, and while an answer is not screened
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


def prepare(
    session: Session,
    response: Response,
    judgement: Judgement,
    *,
    seen_version: int,
    by: Actor,
    at: datetime,
) -> Decision:
    """Store what the owner means to decide; nobody is told before the release.

    :param seen_version: the decision's version that the person saw, 0 for none
    :raises NotUnderEvaluation: before the evaluation and after the release
    :raises ScoresMissing: while an evaluator has not scored the answer
    :raises DiscussionOwed: while evaluators are far apart and have not talked
    :raises Stale: if somebody else stored a decision meanwhile
    """
    require_evaluation(response)
    require_evaluated(session, response)
    decision = queries.decision_on(session, response)
    if seen_version != (decision.version if decision else 0):
        raise Stale(N_("Somebody else stored a decision on this answer while you were writing."))
    if decision is None:
        decision = Decision(response_id=response.id, response=response)
        session.add(decision)
    decision.outcome = judgement.outcome
    decision.reason = judgement.reason
    decision.strengths = judgement.strengths
    decision.gaps = judgement.gaps
    decision.prepared_at = at
    decision.prepared_by_name = by.user.name if by.user else ""
    who = by.by(response.challenge.owner)
    # About the decision, not the answer: the responder reads the answer's history.
    journal.record(session, decision, "decision.prepared", by=who, at=at)
    return decision


def require_evaluation(response: Response) -> None:
    """Make sure that a decision on this answer may be written now.

    :raises NotUnderEvaluation: before the evaluation and after the release
    """
    if response.state is not ResponseState.IN_EVALUATION:
        raise NotUnderEvaluation(
            N_(
                "This answer is “%(state)s”. Decisions are written while an answer "
                "is being evaluated, and are final once released."
            ),
            state=response.state.label,
        )


def release(
    session: Session, challenge: Challenge, *, by: Actor, outbox: Outbox, at: datetime
) -> None:
    """End the challenge: every answer gets its decision, and everybody is told, all at once.

    :raises AnswersOpen: while one answer lacks decision, reason or feedback
    :raises MoveRefused: unless the challenge is being evaluated
    """
    responses = handed_in(session, challenge.id)
    decisions = queries.decisions_by_response(session, challenge.id)
    require_releasable(session, challenge, responses, decisions)
    who = by.by(challenge.owner)
    to = ChallengeState.DECIDED
    CHALLENGE_MACHINE.move(session, challenge, to=to, mover=Mover.OWNER, by=who, at=at)
    challenge.decided_at = at
    for response in policy.to_decide(responses):
        decision = decisions[response.id]
        decision.released_at = at
        RESPONSE_MACHINE.move(
            session,
            response,
            to=decision.outcome.state,
            mover=Mover.OWNER,
            by=who,
            at=at,
            reason=decision.reason,
        )
    _tell_everybody(session, challenge, responses, decisions, outbox)


def require_releasable(
    session: Session,
    challenge: Challenge,
    responses: Sequence[Response],
    decisions: Mapping[int, Decision],
) -> None:
    """Make sure that the challenge can end now, and that no answer would end in silence.

    :raises AnswersOpen: while one answer lacks decision, reason or feedback
    :raises MoveRefused: unless the challenge is being evaluated
    """
    if challenge.state is not ChallengeState.EVALUATING:
        latest = journal.last_event(session, challenge)
        raise MoveRefused(challenge.state, ChallengeState.DECIDED, latest)
    if lacking := policy.still_open(responses, decisions):
        raise AnswersOpen(lacking)


def _tell_everybody(
    session: Session,
    challenge: Challenge,
    responses: Sequence[Response],
    decisions: Mapping[int, Decision],
    outbox: Outbox,
) -> None:
    for response in responses:
        if decision := decisions.get(response.id):
            for person in acting_people(session, response.organisation_id):
                outbox.add(emails.decided(response, decision, to=person, links=outbox.links))
    _tell_ineligible(session, challenge, responses, outbox)
    for person in lookers_after(session, challenge):
        outbox.add(emails.summary(challenge, responses, to=person, links=outbox.links))


def _tell_ineligible(
    session: Session, challenge: Challenge, responses: Sequence[Response], outbox: Outbox
) -> None:
    objections = objections_by_response(session, challenge.id)
    for response in responses:
        if response.state is ResponseState.INELIGIBLE:
            for person in acting_people(session, response.organisation_id):
                upheld, links = objections[response.id], outbox.links
                outbox.add(screening_emails.ineligible(response, upheld, to=person, links=links))


def lookers_after(session: Session, challenge: Challenge) -> Sequence[User]:
    """Return the curating cluster's people and the regional developers, each once."""
    people = list(regional_developers(session))
    if challenge.curating_cluster_id is not None:
        people += acting_people(session, challenge.curating_cluster_id)
    return list({person.id: person for person in people}.values())
