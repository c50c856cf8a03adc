"""The release: answers get their decisions, and everybody is told, all at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import MACHINE as CHALLENGE_MACHINE
from app.challenges.models import Challenge, ChallengeState, Mode
from app.challenges.policy import is_in_rounds
from app.core import journal
from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.journal import By
from app.core.outbox import Outbox
from app.core.state_machine import Mover, MoveRefused
from app.evaluations.actions.panel import settle_conflicts
from app.organisations.policy import Actor
from app.responses.models import MACHINE as RESPONSE_MACHINE
from app.responses.models import Response, ResponseState
from app.responses.queries import authors_people, handed_in
from app.reviews import emails, policy, queries
from app.reviews.actions.accepting import await_reply
from app.reviews.actions.agreeing import require_agreement
from app.reviews.actions.co_signing import require_signed
from app.reviews.models import FINAL, SHORTLISTING, Decision, Outcome
from app.reviews.policy import Way
from app.screenings import emails as screening_emails
from app.screenings.queries import objections_by_response

STAYING = {Way.ROUND: "round_released", Way.FEEDBACK: "feedback_released"}
"""Ways to release that leave the challenge where it is, with what the journal calls them."""


class AnswersOpen(DomainError):
    """No silent ending: some answers still lack a decision with reason and feedback."""

    def __init__(self, responses: Sequence[Response]) -> None:
        super().__init__(N_("Some answers still lack a decision with reason and feedback."))
        self.responses = responses


class WaysMixed(DomainError):
    """A shortlist and final decisions do not go out together."""


def release(
    session: Session, challenge: Challenge, *, by: Actor, outbox: Outbox, at: datetime
) -> Way:
    """Release what is prepared: a shortlist, a round, all decisions, or the feedback; tell all.

    :raises AnswersOpen: while one answer lacks decision, reason or feedback
    :raises WaysMixed: if some answers are shortlisted and others decided for good
    :raises AgreementMissing: if the cluster manager has not agreed to this shortlist
    :raises MoveRefused: unless the challenge is being evaluated
    """
    settle_conflicts(session, challenge, at=at)
    responses = handed_in(session, challenge.id)
    decisions = queries.decisions_by_response(session, challenge.id)
    way = require_releasable(session, challenge, responses, decisions)
    released = policy.to_decide(responses, decisions)
    if way is Way.SHORTLIST:
        require_agreement(session, challenge, [decisions[r.id] for r in released])
    who, is_first = by.by(challenge.owner), challenge.state is ChallengeState.EVALUATING
    _move_challenge(session, challenge, way, who, at)
    for response in released:
        _release_one(session, response, decisions[response.id], who, at)
    for response in released:
        for person in authors_people(session, response):
            decision, links = decisions[response.id], outbox.links
            tell = emails.acknowledged if way is Way.FEEDBACK else emails.decided
            outbox.add(tell(response, decision, to=person, links=links))
    if is_first and challenge.mode is not Mode.ROLLING:  # there they have known for long
        _tell_ineligible(session, challenge, responses, outbox)
    for person in queries.lookers_after(session, challenge):
        outbox.add(emails.summary(challenge, responses, way, to=person, links=outbox.links))
    return way


def _move_challenge(
    session: Session, challenge: Challenge, way: Way, who: By, at: datetime
) -> None:
    if act := STAYING.get(way):
        mover = Mover.OWNER
        CHALLENGE_MACHINE.act(session, challenge, act, mover=mover, by=who, at=at)
        return
    to = ChallengeState.SHORTLISTED if way is Way.SHORTLIST else ChallengeState.DECIDED
    CHALLENGE_MACHINE.move(session, challenge, to=to, mover=Mover.OWNER, by=who, at=at)
    if way is Way.FINAL:
        challenge.decided_at = at


def _release_one(
    session: Session, response: Response, decision: Decision, who: By, at: datetime
) -> None:
    decision.released_at = at
    to, reason = decision.outcome.state, decision.reason
    RESPONSE_MACHINE.move(session, response, to=to, mover=Mover.OWNER, by=who, at=at, reason=reason)
    if decision.outcome is Outcome.SELECTED:
        await_reply(session, response, decision, at=at)


def require_releasable(
    session: Session,
    challenge: Challenge,
    responses: Sequence[Response],
    decisions: Mapping[int, Decision],
) -> Way:
    """Return what is released; make sure that it can be, and that no answer ends in silence.

    :raises AnswersOpen: while one answer lacks decision, reason or feedback
    :raises CoSignatureOwed: while the region has not signed where it has to
    :raises WaysMixed: if some answers are shortlisted and others decided for good, or all are out
    :raises MoveRefused: unless the challenge is being evaluated
    """
    is_evaluated = challenge.state in {ChallengeState.EVALUATING, ChallengeState.SHORTLISTED}
    goes_on = is_in_rounds(challenge) or policy.takes_feedback(challenge)
    if not is_evaluated and not goes_on:
        latest = journal.last_event(session, challenge)
        raise MoveRefused(challenge.state, ChallengeState.DECIDED, latest)
    if lacking := policy.still_open(responses, decisions):
        raise AnswersOpen(lacking)
    due = [decisions[response.id] for response in policy.to_decide(responses, decisions)]
    way = policy.way_of(challenge, due)
    _require_one_way(way, {decision.outcome for decision in due})
    # To a shortlist the region, or the cluster, agrees anyhow; feedback gives nobody anything.
    if way in {Way.ROUND, Way.FINAL}:
        require_signed(session, challenge, due)
    return way


def _require_one_way(way: Way, outcomes: set[Outcome]) -> None:
    if way is Way.ROUND and not outcomes:
        raise DomainError(N_("Nothing is prepared for this round yet."))
    if way is Way.FEEDBACK and not outcomes:
        raise DomainError(N_("No answer waits for feedback."))
    if way is Way.SHORTLIST and outcomes & FINAL:
        raise WaysMixed(
            N_("Some answers are decided for a shortlist, others for good. Choose one way for all.")
        )
    if way is Way.SHORTLIST and Outcome.SHORTLISTED not in outcomes:
        raise WaysMixed(N_("Nobody is on the shortlist. Then decide on all answers for good."))
    if way is Way.FINAL and outcomes & SHORTLISTING:
        raise WaysMixed(N_("The shortlist is released already. Decide on its answers for good."))


def _tell_ineligible(
    session: Session, challenge: Challenge, responses: Sequence[Response], outbox: Outbox
) -> None:
    objections = objections_by_response(session, challenge.id)
    for response in responses:
        if response.state is ResponseState.INELIGIBLE:
            for person in authors_people(session, response):
                upheld, links = objections[response.id], outbox.links
                outbox.add(screening_emails.ineligible(response, upheld, to=person, links=links))
