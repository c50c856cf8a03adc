"""Every change of an organisation, its people and its cluster's members."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlalchemy.orm import Session

from app.accounts import queries as accounts_queries
from app.accounts.models import User
from app.core import jobs, journal
from app.core.errors import DomainError, Forbidden, Stale
from app.core.i18n import N_
from app.core.outbox import Outbox
from app.organisations import emails, queries
from app.organisations.models import (
    ORGANISATION_VERIFIED,
    ClusterMembership,
    MemberInvitation,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
)
from app.organisations.policy import Actor

RESERVED_SLUGS = frozenset({"new", "unverified"})
MAX_SLUG = 60


class LastManager(DomainError):
    """An organisation without a manager could not be run any more."""

    def __init__(self) -> None:
        super().__init__(N_("This is the last manager. Make somebody else a manager first."))


class KindIsFixed(DomainError):
    """What was verified stays what it is: a company does not become a cluster by itself."""

    status_code = 422

    def __init__(self) -> None:
        super().__init__(N_("“Kind of organisation”: only a regional developer may change it now."))


class AlreadyThere(DomainError):
    """Who is to be invited or added is in already."""

    status_code = 422


@dataclass(frozen=True)
class Details:
    """What an organisation says about itself."""

    kind: OrganisationKind
    name: str
    city: str
    country: str
    website: str
    summary: str
    lang: str
    field_ids: list[str]


def create(
    session: Session, details: Details, *, by: Actor, outbox: Outbox, at: datetime
) -> Organisation:
    """Add an organisation whose first manager is whoever adds it; the region verifies it later."""
    assert by.user is not None  # noqa: S101 -- the route admits signed-in people only
    organisation = Organisation(
        slug=_free_slug(session, details.name), created_at=at, **vars(details)
    )
    session.add(organisation)
    session.flush()
    _add_person(session, organisation.id, by.user, MemberRole.MANAGER, at=at)
    journal.record(session, organisation, "organisation.added", by=by.by(organisation), at=at)
    outbox.add(emails.added(organisation, to=by.user, links=outbox.links))
    for developer in accounts_queries.regional_developers(session):
        outbox.add(
            emails.waiting(organisation, to=developer, by_name=by.user.name, links=outbox.links)
        )
    return organisation


def change(
    session: Session,
    organisation: Organisation,
    details: Details,
    *,
    version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Replace what an organisation says about itself.

    :param version: the one that was shown with the form
    :raises Stale: when somebody else saved meanwhile
    :raises KindIsFixed: when a verified organisation would become something else
    """
    if organisation.version != version:
        raise Stale(
            N_("Somebody else changed this organisation meanwhile. Compare and save again.")
        )
    if organisation.verified_at is not None and details.kind is not organisation.kind:
        raise KindIsFixed
    for name, value in vars(details).items():
        setattr(organisation, name, value)
    journal.record(session, organisation, "organisation.changed", by=by.by(organisation), at=at)


def verify(
    session: Session, organisation: Organisation, *, by: Actor, outbox: Outbox, at: datetime
) -> None:
    """Let an organisation into the public directory; doing it twice changes nothing.

    Its profile, which may have been written while it waited, is learned now.
    """
    if organisation.verified_at is not None:
        return
    organisation.verified_at = at
    journal.record(session, organisation, "organisation.verified", by=by.by(), at=at)
    jobs.enqueue(session, ORGANISATION_VERIFIED, {"organisation_id": organisation.id}, at=at)
    for person in queries.acting_people(session, organisation.id):
        outbox.add(emails.verified(organisation, to=person, links=outbox.links))


def invite(
    session: Session,
    organisation: Organisation,
    *,
    email: str,
    role: MemberRole,
    by: Actor,
    outbox: Outbox,
) -> None:
    """Offer somebody a role; a second offer to the same address replaces the first.

    :raises AlreadyThere: when they belong to the organisation
    """
    assert by.user is not None  # noqa: S101 -- the route admits managers only
    known = accounts_queries.user_by_email(session, email)
    if known and queries.membership_of(session, known, organisation.id):
        raise AlreadyThere(N_("“E-mail address”: this person belongs to the organisation already."))
    waiting = {i.email: i for i in queries.open_invitations(session, organisation)}
    invited = waiting.get(email) or MemberInvitation(email=email, created_at=outbox.now)
    invited.organisation, invited.role, invited.invited_by_id = organisation, role, by.user.id
    session.add(invited)
    session.flush()
    outbox.add(
        emails.invitation(
            invited,
            locale=known.locale if known else by.user.locale,
            by_name=by.user.name,
            name=known.name if known else "",
            links=outbox.links,
        )
    )


def withdraw_invitation(session: Session, invited: MemberInvitation) -> None:
    """Take an offer back; its link stops working."""
    session.delete(invited)


def join(session: Session, invited: MemberInvitation, *, by: Actor, at: datetime) -> None:
    """Accept an invitation; accepting it twice changes nothing.

    :raises Forbidden: when it was sent to another address
    """
    assert by.user is not None  # noqa: S101 -- the route admits signed-in people only
    if by.user.email != invited.email:
        raise Forbidden(
            N_("This invitation was sent to another address. Sign in with that address.")
        )
    if invited.accepted_at is not None or by.belongs_to(invited.organisation_id):
        return
    invited.accepted_at = at
    _add_person(session, invited.organisation_id, by.user, invited.role, at=at)
    journal.record(
        session,
        invited.organisation,
        "organisation.joined",
        by=by.by(invited.organisation),
        at=at,
        details={"role": invited.role},
    )


def change_role(
    session: Session, membership: Membership, *, role: MemberRole, by: Actor, at: datetime
) -> None:
    """Give a person another role.

    :raises LastManager: when nobody else manages the organisation
    """
    if role is not MemberRole.MANAGER:
        _keep_a_manager(session, membership)
    membership.role = role
    _record_person(session, membership, "organisation.role_changed", by=by, at=at)


def remove_person(session: Session, membership: Membership, *, by: Actor, at: datetime) -> None:
    """Take a person out of the organisation.

    :raises LastManager: when nobody else manages the organisation
    """
    _keep_a_manager(session, membership)
    _record_person(session, membership, "organisation.person_removed", by=by, at=at)
    session.delete(membership)


def add_member(
    session: Session, cluster: Organisation, member: Organisation, *, by: Actor, at: datetime
) -> None:
    """Take an organisation into a cluster; doing it twice changes nothing."""
    if queries.cluster_membership(session, cluster, member.id) is not None:
        return
    session.add(ClusterMembership(cluster_id=cluster.id, member_id=member.id, created_at=at))
    journal.record(
        session,
        cluster,
        "cluster.member_added",
        by=by.by(cluster),
        at=at,
        details={"member_id": member.id, "member_name": member.name},
    )


def remove_member(
    session: Session, membership: ClusterMembership, *, by: Actor, at: datetime
) -> None:
    """Take an organisation out of a cluster."""
    cluster = session.get_one(Organisation, membership.cluster_id)
    journal.record(
        session,
        cluster,
        "cluster.member_removed",
        by=by.by(cluster),
        at=at,
        details={"member_id": membership.member_id, "member_name": membership.member.name},
    )
    session.delete(membership)


def _free_slug(session: Session, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:MAX_SLUG].strip("-") or "organisation"
    taken = queries.slugs_like(session, slug) | RESERVED_SLUGS
    numbered = (f"{slug}-{number}" for number in count(2))
    return slug if slug not in taken else next(s for s in numbered if s not in taken)


def _add_person(
    session: Session, organisation_id: int, user: User, role: MemberRole, *, at: datetime
) -> None:
    session.add(
        Membership(user_id=user.id, organisation_id=organisation_id, role=role, created_at=at)
    )


def _keep_a_manager(session: Session, membership: Membership) -> None:
    is_manager = membership.role is MemberRole.MANAGER
    if is_manager and queries.manager_count(session, membership.organisation_id) == 1:
        raise LastManager


def _record_person(
    session: Session, membership: Membership, action: str, *, by: Actor, at: datetime
) -> None:
    organisation = session.get_one(Organisation, membership.organisation_id)
    journal.record(
        session,
        organisation,
        action,
        by=by.by(organisation),
        at=at,
        details={
            "person": membership.user.name,
            "user_id": membership.user_id,
            "role": membership.role,
        },
    )
