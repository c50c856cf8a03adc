"""Challenges one by one, and those that wait for a review."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import User
from app.accounts.queries import regional_developers
from app.challenges.models import Challenge, ChallengeState
from app.challenges.queries.public import Order, order_of
from app.core.i18n import N_
from app.core.loading import ListOf
from app.organisations.queries import acting_people


def with_people_and_requirements() -> Select[Challenge]:
    """Return a SELECT of challenges, each with owner, curating cluster and requirements."""
    return select(Challenge).options(
        joinedload(Challenge.owner),
        joinedload(Challenge.curating_cluster),
        selectinload(Challenge.requirements),
        selectinload(Challenge.criteria),
    )


# Almost every page asks for its challenge: the SELECT is put together once, and the few
# requirements come along in it, which takes a third of the time of loading them by options.
_CHALLENGE = (
    select(Challenge)
    .options(
        joinedload(Challenge.owner),
        joinedload(Challenge.curating_cluster),
        joinedload(Challenge.requirements),
    )
    .where(Challenge.id == bindparam("challenge_id"))
)
REQUIREMENTS, CRITERIA = ListOf(Challenge.requirements), ListOf(Challenge.criteria)
"""For challenges that come along with something else."""


def challenge_by_id(session: Session, challenge_id: int) -> Challenge | None:
    """Return one challenge with owner, curating cluster, requirements and criteria."""
    challenge = challenge_with_requirements(session, challenge_id)
    if challenge is not None:
        CRITERIA.load(session, [challenge])
    return challenge


def challenge_with_requirements(session: Session, challenge_id: int) -> Challenge | None:
    """Return one challenge with owner, curating cluster and requirements: who can answer, is
    found by them.
    """
    found = session.scalars(_CHALLENGE, {"challenge_id": challenge_id}).unique()
    return found.one_or_none()


def challenge_alone(session: Session, challenge_id: int) -> Challenge | None:
    """Return one challenge with nothing beside it, for pages that show no more than its name."""
    return session.get(Challenge, challenge_id)


def challenges_in_review(
    session: Session, cluster_ids: Collection[int] | None
) -> Sequence[Challenge]:
    """Return what waits for a review, the longest waiting first.

    :param cluster_ids: only what these clusters look after; None for everything
    """
    statement = (
        select(Challenge)
        .where(Challenge.state == ChallengeState.IN_REVIEW)
        .options(joinedload(Challenge.owner), joinedload(Challenge.curating_cluster))
        .order_by(Challenge.submitted_at, Challenge.id)
    )
    if cluster_ids is not None:
        statement = statement.where(Challenge.curating_cluster_id.in_(cluster_ids))
    return session.scalars(statement).all()


def reviewers(session: Session, challenge: Challenge) -> Sequence[User]:
    """Return who is asked for a review: the cluster's people, or the region where none can."""
    cluster_id = challenge.curating_cluster_id
    if cluster_id is None or cluster_id == challenge.owner_id:
        return regional_developers(session)
    owners = {user.id for user in acting_people(session, challenge.owner_id)}
    independent = [user for user in acting_people(session, cluster_id) if user.id not in owners]
    return independent or regional_developers(session)


def challenges_by_id(session: Session, challenge_ids: Collection[int]) -> Sequence[Challenge]:
    """Return some challenges with their owners, the newest first."""
    statement = select(Challenge).where(Challenge.id.in_(challenge_ids))
    statement = statement.options(joinedload(Challenge.owner))
    return session.scalars(statement.order_by(*order_of(Order.NEWEST))).all()


def review_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked for a review any more, if so."""
    challenge = session.get(Challenge, ids["challenge_id"])
    is_waiting = challenge is not None and challenge.state is ChallengeState.IN_REVIEW
    return None if is_waiting else N_("The review is done.")


def answers_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked for what only an open challenge needs, if so."""
    challenge = session.get(Challenge, ids["challenge_id"])
    is_open = challenge is not None and challenge.state is ChallengeState.OPEN
    return None if is_open else N_("The challenge takes no answers any more.")
