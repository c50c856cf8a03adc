"""The release: every answer gets its decision, and everybody is told, all at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import MACHINE as CHALLENGE_MACHINE
from app.challenges.models import Challenge, ChallengeState
from app.core import journal
from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.outbox import Outbox
from app.core.state_machine import Mover, MoveRefused
from app.organisations.policy import Actor
from app.responses.models import MACHINE as RESPONSE_MACHINE
from app.responses.models import Response, ResponseState
from app.responses.queries import authors_people, handed_in
from app.reviews import emails, policy, queries
from app.reviews.actions.accepting import await_reply
from app.reviews.models import Decision, Outcome
from app.screenings import emails as screening_emails
from app.screenings.queries import objections_by_response
from app.shortlists.actions.signing import require_co_signature


class AnswersOpen(DomainError):
    """No silent ending: some answers still lack a decision with reason and feedback."""

    def __init__(self, responses: Sequence[Response]) -> None:
        super().__init__(N_("Some answers still lack a decision with reason and feedback."))
        self.responses = responses


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
        if decision.outcome is Outcome.SELECTED:
            await_reply(session, response, decision, at=at)
    _tell_everybody(session, challenge, responses, decisions, outbox)


def require_releasable(
    session: Session,
    challenge: Challenge,
    responses: Sequence[Response],
    decisions: Mapping[int, Decision],
) -> None:
    """Make sure that the challenge can end now, and that no answer would end in silence.

    :raises AnswersOpen: while one answer lacks decision, reason or feedback
    :raises CoSignatureOwed: while the region has not signed decisions from a flagged list
    :raises MoveRefused: unless the challenge is being evaluated
    """
    if challenge.state not in {ChallengeState.EVALUATING, ChallengeState.SHORTLISTED}:
        latest = journal.last_event(session, challenge)
        raise MoveRefused(challenge.state, ChallengeState.DECIDED, latest)
    if lacking := policy.still_open(responses, decisions):
        raise AnswersOpen(lacking)
    prepared = [decision.prepared_at for decision in decisions.values()]
    require_co_signature(session, challenge, prepared_at=max(prepared, default=None))


def _tell_everybody(
    session: Session,
    challenge: Challenge,
    responses: Sequence[Response],
    decisions: Mapping[int, Decision],
    outbox: Outbox,
) -> None:
    for response in responses:
        if decision := decisions.get(response.id):
            for person in authors_people(session, response):
                outbox.add(emails.decided(response, decision, to=person, links=outbox.links))
    _tell_ineligible(session, challenge, responses, outbox)
    for person in queries.lookers_after(session, challenge):
        outbox.add(emails.summary(challenge, responses, to=person, links=outbox.links))


def _tell_ineligible(
    session: Session, challenge: Challenge, responses: Sequence[Response], outbox: Outbox
) -> None:
    objections = objections_by_response(session, challenge.id)
    for response in responses:
        if response.state is ResponseState.INELIGIBLE:
            for person in authors_people(session, response):
                upheld, links = objections[response.id], outbox.links
                outbox.add(screening_emails.ineligible(response, upheld, to=person, links=links))
