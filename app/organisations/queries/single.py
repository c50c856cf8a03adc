"""Organisations, memberships and invitations one by one."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.core.i18n import N_
from app.organisations.models import (
    ClusterFacts,
    ClusterMembership,
    MemberInvitation,
    MemberRole,
    Membership,
    Organisation,
)
from app.organisations.policy import ACTING_ROLES, VISITOR, Actor

# Asked by every page, so put together once: that takes longer than the database needs for it.
_MEMBERSHIPS = (
    select(Membership)
    .where(Membership.user_id == bindparam("user_id"))
    .options(joinedload(Membership.organisation))
    .order_by(Membership.id)
)


def actor_for(session: Session, user: User | None) -> Actor:
    """Return the person with their memberships and organisations (one query)."""
    return Actor(user, tuple(memberships_of(session, user))) if user else VISITOR


def memberships_of(session: Session, user: User) -> Sequence[Membership]:
    """Return a person's memberships, each with its organisation."""
    return session.scalars(_MEMBERSHIPS, {"user_id": user.id}).all()


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


def cluster_ids_of(session: Session, organisation_id: int) -> frozenset[int]:
    """Return the ids of the clusters an organisation is a member of."""
    statement = select(ClusterMembership.cluster_id).where(
        ClusterMembership.member_id == organisation_id
    )
    return frozenset(session.scalars(statement))


def clusters_of(session: Session, organisation: Organisation) -> Sequence[Organisation]:
    """Return the clusters an organisation is a member of, by name."""
    statement = (
        select(Organisation)
        .join(ClusterMembership, ClusterMembership.cluster_id == Organisation.id)
        .where(
            ClusterMembership.member_id == organisation.id, Organisation.verified_at.is_not(None)
        )
    )
    return session.scalars(statement.order_by(Organisation.name)).all()


def cluster_membership(
    session: Session, cluster: Organisation, member_id: int
) -> ClusterMembership | None:
    """Return the tie between a cluster and a member."""
    statement = select(ClusterMembership).where(
        ClusterMembership.cluster_id == cluster.id, ClusterMembership.member_id == member_id
    )
    return session.scalar(statement.options(joinedload(ClusterMembership.member)))


def facts_of(session: Session, cluster: Organisation) -> ClusterFacts | None:
    """Return what is published about a cluster."""
    return session.get(ClusterFacts, cluster.id)


def people_of(session: Session, organisation: Organisation) -> Sequence[Membership]:
    """Return an organisation's memberships with their people, by name."""
    statement = (
        select(Membership)
        .join(Membership.user)
        .where(Membership.organisation_id == organisation.id)
        .options(joinedload(Membership.user))
        .order_by(User.name, Membership.id)
    )
    return session.scalars(statement).all()


def membership_by_id(session: Session, membership_id: int) -> Membership | None:
    """Return one membership with its person."""
    statement = select(Membership).where(Membership.id == membership_id)
    return session.scalar(statement.options(joinedload(Membership.user)))


def membership_of(session: Session, user: User, organisation_id: int) -> Membership | None:
    """Return a person's membership in an organisation."""
    statement = select(Membership).where(
        Membership.user_id == user.id, Membership.organisation_id == organisation_id
    )
    return session.scalar(statement)


def manager_count(session: Session, organisation_id: int) -> int:
    """Return how many managers an organisation has."""
    statement = select(func.count(Membership.id)).where(
        Membership.organisation_id == organisation_id, Membership.role == MemberRole.MANAGER
    )
    return session.scalar(statement) or 0


def open_invitations(session: Session, organisation: Organisation) -> Sequence[MemberInvitation]:
    """Return the invitations to join that nobody accepted yet, oldest first."""
    statement = select(MemberInvitation).where(
        MemberInvitation.organisation_id == organisation.id, MemberInvitation.accepted_at.is_(None)
    )
    return session.scalars(statement.order_by(MemberInvitation.id)).all()


def invitation_by_id(session: Session, invitation_id: int) -> MemberInvitation | None:
    """Return one invitation to join, with its organisation."""
    statement = select(MemberInvitation).where(MemberInvitation.id == invitation_id)
    return session.scalar(statement.options(joinedload(MemberInvitation.organisation)))


def slugs_like(session: Session, slug: str) -> frozenset[str]:
    """Return the slugs in use that begin with this one."""
    statement = select(Organisation.slug).where(Organisation.slug.startswith(slug, autoescape=True))
    return frozenset(session.scalars(statement))


def verification_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked to verify an organisation any more, if so."""
    organisation = session.get(Organisation, ids["organisation_id"])
    is_waiting = organisation is not None and organisation.verified_at is None
    return None if is_waiting else N_("The organisation is verified.")


def invitation_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be invited to join any more, if so."""
    invited = session.get(MemberInvitation, ids["invitation_id"])
    is_waiting = invited is not None and invited.accepted_at is None
    return None if is_waiting else N_("The invitation is accepted or withdrawn.")
