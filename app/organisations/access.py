"""The actor behind a request, and the only way a route gets an organisation."""

from typing import Annotated

from fastapi import Depends, Path, Request

from app.accounts.access import CurrentUser, Viewer
from app.core.database import DbSession
from app.core.errors import Forbidden, LinkExpired, NotFound
from app.core.i18n import N_
from app.organisations import policy, queries
from app.organisations.models import (
    ClusterMembership,
    MemberInvitation,
    Membership,
    Organisation,
    OrganisationKind,
)
from app.organisations.policy import JOINING, JOINING_SECONDS, Actor


def get_actor(request: Request, viewer: Viewer, session: DbSession) -> Actor:
    """Return whoever is asking, visitor or signed in, with their memberships."""
    actor = queries.actor_for(session, viewer)
    request.state.actor = actor
    return actor


AnyActor = Annotated[Actor, Depends(get_actor)]


async def get_signed_in_actor(_user: CurrentUser, actor: AnyActor) -> Actor:
    """Return whoever is signed in.

    :raises SignInRequired: if nobody is
    """
    return actor


SignedInActor = Annotated[Actor, Depends(get_signed_in_actor)]


RowId = Annotated[int, Path(ge=1, lt=2**31)]


def get_viewable_organisation(slug: str, actor: AnyActor, session: DbSession) -> Organisation:
    """Return the organisation with this slug.

    :raises NotFound: when there is none, or it is unverified and not theirs
    """
    organisation = queries.organisation_by_slug(session, slug)
    if organisation is None or not policy.can_view(actor, organisation):
        raise NotFound(N_("There is no organisation at this address."))
    return organisation


ViewableOrganisation = Annotated[Organisation, Depends(get_viewable_organisation)]


async def get_own_organisation(
    actor: SignedInActor, organisation: ViewableOrganisation
) -> Organisation:
    """Return the organisation to which they belong, in whatever role.

    :raises Forbidden: unless they belong to it
    """
    if not actor.belongs_to(organisation.id):
        raise Forbidden(N_("Only people of this organisation may see this."))
    return organisation


OwnOrganisation = Annotated[Organisation, Depends(get_own_organisation)]


async def get_editable_organisation(
    actor: SignedInActor, organisation: ViewableOrganisation
) -> Organisation:
    """Return the organisation in whose name they act.

    :raises Forbidden: unless they are a manager or editor of it
    """
    if not actor.acts_for(organisation.id):
        raise Forbidden(N_("Only this organisation’s managers and editors may do this."))
    return organisation


EditableOrganisation = Annotated[Organisation, Depends(get_editable_organisation)]


async def get_managed_organisation(
    actor: SignedInActor, organisation: ViewableOrganisation
) -> Organisation:
    """Return the organisation that they manage.

    :raises Forbidden: unless they are a manager of it
    """
    if not actor.manages(organisation.id):
        raise Forbidden(N_("Only this organisation’s managers may do this."))
    return organisation


ManagedOrganisation = Annotated[Organisation, Depends(get_managed_organisation)]
INVITATIONS = "100/day"
"""Of one person: anybody may make an organisation, and an invitation writes to any address."""


def get_inviting_organisation(
    request: Request, actor: SignedInActor, organisation: ManagedOrganisation
) -> Organisation:
    """Return the organisation into which somebody is about to invite; it is counted.

    :raises TooManyAttempts: when they invited too many in a day
    """
    assert actor.user is not None  # noqa: S101 -- the dependency admits signed-in people only
    request.app.state.rate_limits.count(INVITATIONS, "invites", str(actor.user.id))
    return organisation


InvitingOrganisation = Annotated[Organisation, Depends(get_inviting_organisation)]


async def get_verifier(actor: SignedInActor) -> Actor:
    """Return the regional developer who is asking; for anybody else there is no such page.

    :raises NotFound: unless they may verify organisations
    """
    if not policy.can_verify(actor):
        raise NotFound(N_("There is no page at this address."))
    return actor


Verifier = Annotated[Actor, Depends(get_verifier)]


def get_person(
    membership_id: RowId, organisation: ManagedOrganisation, session: DbSession
) -> Membership:
    """Return a membership in the organisation that they manage.

    :raises NotFound: when it is another organisation's, or gone
    """
    membership = queries.membership_by_id(session, membership_id)
    if membership is None or membership.organisation_id != organisation.id:
        raise NotFound(N_("This person does not belong to the organisation any more."))
    return membership


ManagedPerson = Annotated[Membership, Depends(get_person)]


def get_open_invitation(
    invitation_id: RowId, organisation: ManagedOrganisation, session: DbSession
) -> MemberInvitation:
    """Return an invitation to join the organisation that they manage.

    :raises NotFound: when it is another organisation's, accepted or gone
    """
    invited = queries.invitation_by_id(session, invitation_id)
    if invited is None or invited.organisation_id != organisation.id or invited.accepted_at:
        raise NotFound(N_("This invitation was accepted or withdrawn."))
    return invited


OpenInvitation = Annotated[MemberInvitation, Depends(get_open_invitation)]


def get_join_invitation(
    request: Request, token: str, _actor: SignedInActor, session: DbSession
) -> MemberInvitation:
    """Return the invitation that a link from an e-mail names.

    :raises LinkExpired: when it is forged, older than two weeks or withdrawn
    """
    invitation_id = request.app.state.tokens.read(JOINING, token, max_age=JOINING_SECONDS)
    invited = queries.invitation_by_id(session, invitation_id) if invitation_id else None
    if invited is None:
        raise LinkExpired(
            N_("This invitation has expired or was withdrawn. Ask whoever sent it for a new one.")
        )
    return invited


JoinInvitation = Annotated[MemberInvitation, Depends(get_join_invitation)]


async def get_cluster(organisation: ViewableOrganisation) -> Organisation:
    """Return the cluster with this slug.

    :raises NotFound: when the organisation is no cluster
    """
    if organisation.kind is not OrganisationKind.CLUSTER:
        raise NotFound(N_("This organisation is no cluster, so it has no members."))
    return organisation


ViewableCluster = Annotated[Organisation, Depends(get_cluster)]


async def get_curated_cluster(
    cluster: ViewableCluster, _editable: EditableOrganisation
) -> Organisation:
    """Return the cluster whose members they may change."""
    return cluster


CuratedCluster = Annotated[Organisation, Depends(get_curated_cluster)]


def get_cluster_member(
    member_id: RowId, cluster: CuratedCluster, session: DbSession
) -> ClusterMembership:
    """Return the tie of a member to the cluster for which they act.

    :raises NotFound: when it is no member (any more)
    """
    membership = queries.cluster_membership(session, cluster, member_id)
    if membership is None:
        raise NotFound(N_("This organisation is not a member of the cluster."))
    return membership


CuratedMember = Annotated[ClusterMembership, Depends(get_cluster_member)]
