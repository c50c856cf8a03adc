"""Decisions as they are prepared: nobody is told."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.challenges.models import Mode
from app.core import journal
from app.core.errors import DomainError, Stale
from app.core.i18n import N_
from app.core.outbox import Outbox
from app.evaluations.actions.panel import settle_conflicts
from app.evaluations.actions.scoring import require_evaluated
from app.organisations.policy import Actor
from app.responses.models import Response, ResponseState
from app.reviews import policy, queries
from app.reviews.actions.co_signing import ask_region
from app.reviews.models import Decision, Feedback, Outcome

DECIDABLE_STATES = frozenset({ResponseState.IN_EVALUATION, ResponseState.SHORTLISTED})


class NotUnderEvaluation(DomainError):
    """The answer is not being evaluated, or no longer: a released decision is final."""


@dataclass(frozen=True)
class Remark:
    """What an answer gets right and what it lacks, by one criterion."""

    strength: str
    gap: str


@dataclass(frozen=True)
class Judgement:
    """What the owner says about one answer; ``remarks`` go by criterion id."""

    outcome: Outcome
    reason: str
    remarks: Mapping[int, Remark]
    strengths: str = ""
    gaps: str = ""
    reserve_place: int | None = None
    """Who moves up first when somebody selected refuses."""


def prepare(
    session: Session,
    response: Response,
    judgement: Judgement,
    *,
    seen_version: int,
    by: Actor,
    outbox: Outbox,
) -> Decision:
    """Store what the owner means to decide; no responder is told before the release.

    With the last of them the region is asked to sign, where it has to.

    :param seen_version: the decision's version that the person saw, 0 for none
    :raises NotUnderEvaluation: before the evaluation and after the release
    :raises ScoresMissing: while an evaluator has not scored the answer
    :raises DiscussionOwed: while evaluators are far apart and have not talked
    :raises DomainError: if an answer on the shortlist is to be shortlisted once more, or somebody
        is to be chosen in a market consultation
    :raises Stale: if somebody else stored a decision meanwhile
    """
    require_decidable(response)
    if not policy.awaits_feedback(response):
        settle_conflicts(session, response.challenge, at=outbox.now)
        require_evaluated(session, response)
    _require_offered(response, judgement.outcome)
    decision = _decision_seen(session, response, seen_version)
    _store(decision, judgement)
    decision.prepared_at = outbox.now
    decision.prepared_by_name = by.user.name if by.user else ""
    who = by.by(response.challenge.owner)
    # About the decision, not the answer: the responder reads the answer's history.
    journal.record(session, decision, "decision.prepared", by=who, at=outbox.now)
    if not policy.awaits_feedback(response):  # which gives nobody anything
        ask_region(session, response.challenge, by=by, outbox=outbox)
    return decision


def _decision_seen(session: Session, response: Response, seen_version: int) -> Decision:
    """Return the decision that is prepared on an answer, a new one if there is none.

    :raises Stale: if it is not in the version that was seen
    """
    stage = policy.stage_of(response)
    decision = queries.decision_in_preparation(session, response)
    if seen_version != (decision.version if decision else 0):
        raise Stale(N_("Somebody else stored a decision on this answer while you were writing."))
    if decision is None:
        decision = Decision(response_id=response.id, response=response, stage=stage, feedback=[])
        session.add(decision)
    return decision


def _require_offered(response: Response, outcome: Outcome) -> None:
    if outcome in policy.offered(response):
        return
    if outcome is Outcome.ACKNOWLEDGED:
        raise DomainError(N_("Only answers to a market consultation are merely acknowledged."))
    if response.challenge.mode is Mode.CONSULTATION:
        raise DomainError(
            N_("A market consultation chooses nobody: acknowledge the answer with feedback.")
        )
    raise DomainError(N_("This answer is on the shortlist already. Now decide for good."))


def _store(decision: Decision, judgement: Judgement) -> None:
    decision.outcome = judgement.outcome
    decision.reason = judgement.reason
    decision.strengths, decision.gaps = judgement.strengths, judgement.gaps
    decision.reserve_place = judgement.reserve_place
    _store_remarks(decision, judgement.remarks)


def _store_remarks(decision: Decision, remarks: Mapping[int, Remark]) -> None:
    stored = {feedback.criterion_id: feedback for feedback in decision.feedback}
    for criterion_id, remark in remarks.items():
        feedback = stored.get(criterion_id)
        if feedback is None:
            feedback = Feedback(criterion_id=criterion_id)
            decision.feedback.append(feedback)
        feedback.strength, feedback.gap = remark.strength, remark.gap


def is_decidable(response: Response) -> bool:
    """Whether a decision on this answer may be written now."""
    return response.state in DECIDABLE_STATES or policy.awaits_feedback(response)


def require_decidable(response: Response) -> None:
    """Make sure that a decision on this answer may be written now.

    :raises NotUnderEvaluation: before the evaluation and after the release
    """
    if not is_decidable(response):
        raise NotUnderEvaluation(
            N_(
                "This answer is “%(state)s”. Decisions are written while an answer "
                "is being evaluated, and are final once released."
            ),
            state=response.state.label,
        )
