"""Every SELECT on decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.organisations.models import Organisation
from app.responses.models import CHOSEN_STATES, Response
from app.responses.queries import count_handed_in
from app.reviews.models import Decision


def decision_on(session: Session, response: Response) -> Decision | None:
    """Return the decision on one answer, prepared or released."""
    return session.scalar(select(Decision).where(Decision.response_id == response.id))


def decisions_by_response(session: Session, challenge_id: int) -> Mapping[int, Decision]:
    """Return all decisions of a challenge, prepared or released, by response id."""
    statement = select(Decision).join(Decision.response)
    found = session.scalars(statement.where(Response.challenge_id == challenge_id))
    return {decision.response_id: decision for decision in found}


@dataclass(frozen=True)
class PublicOutcome:
    """What anybody may know of how a challenge ended."""

    answer_count: int
    selected: Sequence[Organisation]


def outcome_of(session: Session, challenge_id: int) -> PublicOutcome | None:
    """Return how a challenge ended, or None while it is not decided."""
    is_decided = (Challenge.id == challenge_id) & Challenge.decided_at.is_not(None)
    if not session.scalar(select(func.count(Challenge.id)).where(is_decided)):
        return None
    is_selected = Response.state.in_(CHOSEN_STATES)
    statement = select(Organisation).join(Response, Response.organisation_id == Organisation.id)
    selected = statement.where(Response.challenge_id == challenge_id, is_selected)
    return PublicOutcome(
        answer_count=count_handed_in(session, challenge_id),
        selected=session.scalars(selected.order_by(Organisation.name)).all(),
    )
