"""Every SELECT on what should have happened."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.challenges.models import Challenge, ChallengeState
from app.core.i18n import N_
from app.core.journal import Event
from app.matches.models import Match, MatchState
from app.responses.models import HANDED_IN_STATES, Response
from app.screenings.policy import TO_SCREEN
from app.watches.models import Alarm
from app.watches.policy import REVIEW_LIMIT, RULES, SCREENING_LIMIT, Facts

INTERESTED = frozenset({MatchState.INTERESTED, MatchState.CONVERTED})
SHOWN = 20


def facts_about(session: Session, challenge: Challenge) -> Facts:
    """Return what counts for the alarms of a challenge."""
    matches = select(func.count()).where(
        Match.challenge_id == challenge.id, Match.state.in_(INTERESTED)
    )
    answers = select(func.count()).where(Response.challenge_id == challenge.id)
    handed_in = answers.where(Response.state.in_(HANDED_IN_STATES))
    return Facts(
        interested=(session.scalar(matches) or 0) + (session.scalar(handed_in) or 0),
        unscreened=session.scalar(answers.where(Response.state.in_(TO_SCREEN))) or 0,
    )


def under_way(session: Session) -> Sequence[Challenge]:
    """Return the challenges of our own in a state that something is expected in."""
    states = {rule.state for rule in RULES.values()}
    statement = select(Challenge).where(Challenge.state.in_(states), Challenge.source == "")
    return session.scalars(statement.order_by(Challenge.id)).all()


def has_rung(session: Session, challenge: Challenge, alarm: Alarm, *, since: datetime) -> bool:
    """Whether an alarm was given since a moment."""
    statement = select(Event.id).where(
        Event.subject_kind == challenge.__tablename__,
        Event.subject_id == challenge.id,
        Event.action == alarm.value,
        Event.at >= since,
    )
    return session.scalar(statement.limit(1)) is not None


def escalated(
    session: Session, *, now: datetime, count: int = SHOWN
) -> Sequence[tuple[Challenge, Alarm]]:
    """Return what is so late that the region looks after it, longest first."""
    return [
        *((c, Alarm.REVIEW_ESCALATED) for c in _late_reviews(session, now, count)),
        *((c, Alarm.SCREENING_ESCALATED) for c in _late_screenings(session, now, count)),
    ]


def _late_reviews(session: Session, now: datetime, count: int) -> Sequence[Challenge]:
    statement = (
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.IN_REVIEW,
            Challenge.submitted_at <= now - REVIEW_LIMIT,
        )
        .options(joinedload(Challenge.owner), joinedload(Challenge.curating_cluster))
        .order_by(Challenge.submitted_at, Challenge.id)
    )
    return session.scalars(statement.limit(count)).all()


def _late_screenings(session: Session, now: datetime, count: int) -> Sequence[Challenge]:
    has_unscreened = (
        select(Response.id)
        .where(Response.challenge_id == Challenge.id, Response.state.in_(TO_SCREEN))
        .exists()
    )
    statement = (
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.CLOSED,
            Challenge.closed_at <= now - SCREENING_LIMIT,
            has_unscreened,
        )
        .options(joinedload(Challenge.owner), joinedload(Challenge.curating_cluster))
        .order_by(Challenge.closed_at, Challenge.id)
    )
    return session.scalars(statement.limit(count)).all()


def to_screen(
    session: Session, cluster_ids: Collection[int], *, count: int = SHOWN
) -> Sequence[tuple[Challenge, int]]:
    """Return the closed challenges of these clusters with how many answers are left to screen."""
    statement = (
        select(Challenge, func.count(Response.id))
        .join(Response, Response.challenge_id == Challenge.id)
        .where(
            Challenge.curating_cluster_id.in_(cluster_ids),
            Challenge.state == ChallengeState.CLOSED,
            Response.state.in_(TO_SCREEN),
        )
        .group_by(Challenge.id)
        .options(joinedload(Challenge.owner))
        .order_by(Challenge.closed_at, Challenge.id)
        .limit(count)
    )
    return [(challenge, waiting) for challenge, waiting in session.execute(statement)]


def moved_on(state: ChallengeState, session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why an alarm comes too late, if the challenge has left the state it is about."""
    statement = select(Challenge.state).where(Challenge.id == ids["challenge_id"])
    return None if session.scalar(statement) is state else N_("This is done by now.")
