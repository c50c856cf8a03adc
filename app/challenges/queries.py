"""Every SELECT on challenges."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.challenges.models import Challenge


def with_people_and_requirements() -> Select[Challenge]:
    """Return a SELECT of challenges, each with owner, curating cluster and requirements."""
    return select(Challenge).options(
        joinedload(Challenge.owner),
        joinedload(Challenge.curating_cluster),
        selectinload(Challenge.requirements),
    )


def challenge_by_id(session: Session, challenge_id: int) -> Challenge | None:
    """Return one challenge with owner, curating cluster and requirements."""
    return session.scalar(with_people_and_requirements().where(Challenge.id == challenge_id))
