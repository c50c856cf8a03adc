"""Who evaluates and decides, and who may read a decision. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from app.challenges.models import Challenge, ChallengeState, Criterion, Mode
from app.challenges.policy import acts_for_owner, is_curator, is_in_rounds, is_owner_side
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.state_machine import Mover
from app.organisations.policy import Actor
from app.responses.models import AWAITING_DECISION, Response, ResponseState
from app.responses.policy import is_author, receives_answers
from app.reviews.models import FINAL, FIRST_STAGE, SECOND_STAGE, SHORTLISTING, Decision, Outcome

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


def takes_feedback(challenge: Challenge) -> bool:
    """Whether answers are acknowledged with feedback: a market consultation that takes no more."""
    return challenge.mode is Mode.CONSULTATION and challenge.state is ChallengeState.CLOSED


def awaits_feedback(response: Response) -> bool:
    """Whether an answer to a market consultation is still owed its feedback."""
    return takes_feedback(response.challenge) and response.state is ResponseState.SUBMITTED


def offered(response: Response) -> frozenset[Outcome]:
    """Return what may be decided on an answer now."""
    if response.challenge.mode is Mode.CONSULTATION:
        return frozenset({Outcome.ACKNOWLEDGED})
    return FINAL if response.state is ResponseState.SHORTLISTED else FINAL | SHORTLISTING


def judged_by(challenge: Challenge) -> Sequence[Criterion]:
    """Return the criteria by which feedback is owed; a market consultation measures nobody."""
    return () if challenge.mode is Mode.CONSULTATION else challenge.main_criteria


def is_complete(decision: Decision, challenge: Challenge) -> bool:
    """Whether the decision says all that a responder is owed.

    That is the reason, and a strength and a gap by every main criterion; challenges from before
    there were criteria, and market consultations, owe both in one text.
    """
    given = {feedback.criterion_id: feedback for feedback in decision.feedback}
    main = [given.get(criterion.id) for criterion in judged_by(challenge)]
    if not main:
        return _are_written(decision.reason, decision.strengths, decision.gaps)
    feedback = [text for each in main for text in ((each.strength, each.gap) if each else ("",))]
    return _are_written(decision.reason, *feedback)


def _are_written(*texts: str) -> bool:
    return all(text.strip() for text in texts)


class Way(LabelledEnum):
    """What a release does."""

    SHORTLIST = "shortlist", N_("Release the shortlist")
    ROUND = "round", N_("Release the decisions of this round")
    FINAL = "final", N_("Release the decisions")
    FEEDBACK = "feedback", N_("Release the feedback")


def stage_of(response: Response) -> int:
    """Return the stage of the decision that would be written on an answer now."""
    return SECOND_STAGE if response.state is ResponseState.SHORTLISTED else FIRST_STAGE


def way_of(challenge: Challenge, decisions: Iterable[Decision]) -> Way:
    """Return what releasing these prepared decisions would be."""
    if challenge.mode is Mode.CONSULTATION:
        return Way.FEEDBACK
    if is_in_rounds(challenge):
        return Way.ROUND
    is_first_stage = challenge.state is ChallengeState.EVALUATING
    is_shortlist = any(decision.outcome in SHORTLISTING for decision in decisions)
    return Way.SHORTLIST if is_first_stage and is_shortlist else Way.FINAL


def to_decide(
    responses: Sequence[Response], decisions: Mapping[int, Decision]
) -> Sequence[Response]:
    """Return the answers that the next release decides: in rounds, those of this round.

    :param decisions: the latest by response id
    """
    return [
        response
        for response in responses
        if response.state in AWAITING_DECISION
        and (not is_in_rounds(response.challenge) or _is_in_round(response, decisions))
    ]


def _is_in_round(response: Response, decisions: Mapping[int, Decision]) -> bool:
    if response.state is ResponseState.SHORTLISTED:
        return is_prepared(response, decisions)
    return response.state is ResponseState.IN_EVALUATION


def is_prepared(response: Response, decisions: Mapping[int, Decision]) -> bool:
    """Whether a complete decision on an answer waits for its release.

    :param decisions: the latest by response id
    """
    decision = decisions.get(response.id)
    return (
        decision is not None
        and decision.released_at is None
        and is_complete(decision, response.challenge)
    )


def still_open(
    responses: Sequence[Response], decisions: Mapping[int, Decision]
) -> Sequence[Response]:
    """Return the answers of the next release that lack a decision, its reason or its feedback.

    :param decisions: the latest by response id
    """
    due = to_decide(responses, decisions)
    return [response for response in due if not is_prepared(response, decisions)]


def agreement_mover(actor: Actor, challenge: Challenge) -> Mover | None:
    """Return the role in which they agree to a shortlist: not for their own organisation."""
    if is_owner_side(actor, challenge):
        return None
    if actor.is_regional_developer:
        return Mover.REGION
    return Mover.CURATOR if actor.acts_for(challenge.curating_cluster_id) else None


def shortlist_facts(decisions: Iterable[Decision]) -> dict[str, int]:
    """Return what an agreement is about: each decision's version, by response id."""
    return {
        str(decision.response_id): decision.version
        for decision in decisions
        if decision.stage == FIRST_STAGE
    }
