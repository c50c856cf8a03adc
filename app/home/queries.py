"""Every SELECT of the first pages and of "my work"."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.challenges.models import Challenge, ChallengeState
from app.organisations.models import Organisation, OrganisationKind

NEWEST = 6


@dataclass(frozen=True)
class Figures:
    """How much there is."""

    open_challenges: int
    organisations: int
    clusters: int


def figures(session: Session) -> Figures:
    """Return how many open challenges, verified organisations and clusters there are."""
    is_cluster = Organisation.kind == OrganisationKind.CLUSTER
    verified = Organisation.verified_at.is_not(None)
    is_open = Challenge.state == ChallengeState.OPEN
    return Figures(
        open_challenges=session.scalar(select(func.count(Challenge.id)).where(is_open)) or 0,
        organisations=session.scalar(select(func.count(Organisation.id)).where(verified)) or 0,
        clusters=session.scalar(select(func.count(Organisation.id)).where(verified, is_cluster))
        or 0,
    )


def newest_open_challenges(session: Session, *, count: int = NEWEST) -> Sequence[Challenge]:
    """Return the open challenges that opened last, with their owners."""
    statement = (
        select(Challenge)
        .where(Challenge.state == ChallengeState.OPEN)
        .options(joinedload(Challenge.owner))
        .order_by(Challenge.opened_at.desc(), Challenge.id.desc())
        .limit(count)
    )
    return session.scalars(statement).all()
