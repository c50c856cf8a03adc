"""Every SELECT on organisations."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.organisations.models import ClusterMembership, Membership, Organisation, OrganisationKind
from app.organisations.policy import ACTING_ROLES, VISITOR, Actor


def actor_for(session: Session, user: User | None) -> Actor:
    """Return the person with their memberships and organisations (one query)."""
    return Actor(user, tuple(memberships_of(session, user))) if user else VISITOR


def memberships_of(session: Session, user: User) -> Sequence[Membership]:
    """Return a person's memberships, each with its organisation."""
    statement = (
        select(Membership)
        .where(Membership.user_id == user.id)
        .options(joinedload(Membership.organisation))
        .order_by(Membership.id)
    )
    return session.scalars(statement).all()


def organisation_by_slug(session: Session, slug: str) -> Organisation | None:
    """Return one organisation by the name in its address."""
    return session.scalar(select(Organisation).where(Organisation.slug == slug))


def acting_people(session: Session, organisation_id: int) -> Sequence[User]:
    """Return the people who may act in an organisation's name: whom to tell about its matters."""
    statement = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id, Membership.role.in_(ACTING_ROLES))
        .order_by(User.id)
    )
    return session.scalars(statement).all()


def organisation_by_id(session: Session, organisation_id: int) -> Organisation | None:
    """Return one organisation."""
    return session.get(Organisation, organisation_id)


def verified_clusters(session: Session) -> Sequence[Organisation]:
    """Return the clusters that a regional developer verified, by name."""
    statement = select(Organisation).where(
        Organisation.kind == OrganisationKind.CLUSTER, Organisation.verified_at.is_not(None)
    )
    return session.scalars(statement.order_by(Organisation.name)).all()


def cluster_ids_of(session: Session, organisation_id: int) -> frozenset[int]:
    """Return the ids of the clusters an organisation is a member of."""
    statement = select(ClusterMembership.cluster_id).where(
        ClusterMembership.member_id == organisation_id
    )
    return frozenset(session.scalars(statement))
