"""Every SELECT on what stands in the way of a change of course."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.core import journal
from app.core.i18n import N_
from app.organisations.models import Organisation
from app.responses.models import AWAITING_DECISION, EDITABLE_STATES, Response, ResponseState
from app.responses.policy import is_read
from app.steering import policy
from app.steering.policy import Facts


def facts_about(session: Session, challenge: Challenge, now: datetime) -> Facts:
    """Return what counts for a change of course at this moment."""
    by_state = dict(
        session.execute(
            select(Response.state, func.count())
            .where(Response.challenge_id == challenge.id)
            .group_by(Response.state)
        ).all()
    )
    return Facts(
        now=now,
        drafts=sum(by_state.get(state, 0) for state in EDITABLE_STATES),
        unanswered=_unanswered(session, challenge),
        is_read=is_read(journal.history(session, challenge)),
    )


def _unanswered(session: Session, challenge: Challenge) -> Sequence[str]:
    return _who_answered(session, challenge, AWAITING_DECISION)


def accepted(session: Session, challenge: Challenge) -> Sequence[str]:
    """Return the names of those whose accepted selection is not in a pilot."""
    return _who_answered(session, challenge, {ResponseState.ACCEPTED})


def _who_answered(
    session: Session, challenge: Challenge, states: Collection[ResponseState]
) -> Sequence[str]:
    statement = (
        select(Organisation.name)
        .join(Response, Response.organisation_id == Organisation.id)
        .where(Response.challenge_id == challenge.id, Response.state.in_(states))
    )
    return session.scalars(statement.order_by(Organisation.name)).all()


def promise_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be reminded of a promised decision any more, if so."""
    challenge = session.get(Challenge, ids["challenge_id"])
    is_awaited = challenge is not None and challenge.state in policy.AWAITING_DECISION
    return None if is_awaited else N_("The decision is made, or there is none to make.")
