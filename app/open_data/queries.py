"""Every SELECT for open data: only what anybody may see, counted where people could be told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.challenges.models import ENDED_STATES, PUBLIC_STATES, Challenge, ChallengeState
from app.matches.models import INVITED_STATES, Match, MatchState
from app.organisations.models import (
    ClusterFacts,
    ClusterMembership,
    Organisation,
    OrganisationKind,
)
from app.responses.models import EDITABLE_STATES, Response


def public_challenges(session: Session) -> Sequence[Challenge]:
    """Return every challenge that anybody may read, oldest first, with owner and cluster."""
    statement = (
        select(Challenge)
        .where(
            Challenge.state.in_(PUBLIC_STATES)
            | (Challenge.state.in_(ENDED_STATES) & Challenge.opened_at.is_not(None))
        )
        .options(joinedload(Challenge.owner), joinedload(Challenge.curating_cluster))
        .order_by(Challenge.id)
    )
    return session.scalars(statement).all()


def answer_counts(session: Session) -> Mapping[int, int]:
    """Return how many answers were handed in, by challenge."""
    statement = (
        select(Response.challenge_id, func.count(Response.id))
        .where(Response.state.not_in(EDITABLE_STATES))
        .group_by(Response.challenge_id)
    )
    return Counter({row[0]: row[1] for row in session.execute(statement)})


def verified_organisations(session: Session) -> Sequence[Organisation]:
    """Return everything in the public directory, oldest first."""
    statement = select(Organisation).where(Organisation.verified_at.is_not(None))
    return session.scalars(statement.order_by(Organisation.id)).all()


def cluster_facts(session: Session) -> Mapping[int, ClusterFacts]:
    """Return what is published about clusters, by their id."""
    return {facts.organisation_id: facts for facts in session.scalars(select(ClusterFacts))}


def member_counts(session: Session) -> Mapping[int, int]:
    """Return how many verified members each cluster has here."""
    statement = (
        select(ClusterMembership.cluster_id, func.count(Organisation.id))
        .join(Organisation, Organisation.id == ClusterMembership.member_id)
        .where(Organisation.verified_at.is_not(None))
        .group_by(ClusterMembership.cluster_id)
    )
    return Counter({row[0]: row[1] for row in session.execute(statement)})


@dataclass(frozen=True)
class Engagement:
    """How many matches of a cluster's members came how far."""

    invited: Counter[int]
    interested: Counter[int]
    answered: Counter[int]


def engagement(session: Session) -> Engagement:
    """Return the counts by cluster of the invited organisation."""
    statement = (
        select(ClusterMembership.cluster_id, Match.state, func.count(Match.id))
        .join(Match, Match.organisation_id == ClusterMembership.member_id)
        .where(Match.state.in_(INVITED_STATES))
        .group_by(ClusterMembership.cluster_id, Match.state)
    )
    found = Engagement(Counter(), Counter(), Counter())
    for cluster_id, state, count in session.execute(statement):
        found.invited[cluster_id] += count
        if state in {MatchState.INTERESTED, MatchState.CONVERTED}:
            found.interested[cluster_id] += count
        if state is MatchState.CONVERTED:
            found.answered[cluster_id] += count
    return found


def clusters(session: Session) -> Sequence[Organisation]:
    """Return the verified clusters, oldest first."""
    statement = select(Organisation).where(
        Organisation.kind == OrganisationKind.CLUSTER, Organisation.verified_at.is_not(None)
    )
    return session.scalars(statement.order_by(Organisation.id)).all()


OUTCOME_STATES = frozenset(
    {
        ChallengeState.DECIDED, ChallengeState.PILOTING, ChallengeState.COMPLETED,
        ChallengeState.CANCELLED, ChallengeState.ARCHIVED,
    }
)  # fmt: skip
"""States in which there is something to say about what became of a challenge."""
