"""The actor behind a request, and the only way a route gets an organisation."""

from typing import Annotated

from fastapi import Depends, Request

from app.accounts.access import CurrentUser, Viewer
from app.core.database import DbSession
from app.core.errors import Forbidden, NotFound
from app.core.i18n import N_
from app.organisations import policy, queries
from app.organisations.models import Organisation, OrganisationKind
from app.organisations.policy import Actor


def get_actor(request: Request, viewer: Viewer, session: DbSession) -> Actor:
    """Return whoever is asking, visitor or signed in, with their memberships."""
    actor = queries.actor_for(session, viewer)
    request.state.actor = actor
    return actor


AnyActor = Annotated[Actor, Depends(get_actor)]


def get_signed_in_actor(_user: CurrentUser, actor: AnyActor) -> Actor:
    """Return whoever is signed in.

    :raises SignInRequired: if nobody is
    """
    return actor


SignedInActor = Annotated[Actor, Depends(get_signed_in_actor)]


def get_viewable_organisation(slug: str, actor: AnyActor, session: DbSession) -> Organisation:
    """Return the organisation with this slug.

    :raises NotFound: when there is none, or it is unverified and not theirs
    """
    organisation = queries.organisation_by_slug(session, slug)
    if organisation is None or not policy.can_view(actor, organisation):
        raise NotFound(N_("There is no organisation at this address."))
    return organisation


ViewableOrganisation = Annotated[Organisation, Depends(get_viewable_organisation)]


def get_editable_organisation(
    actor: SignedInActor, organisation: ViewableOrganisation
) -> Organisation:
    """Return the organisation in whose name they act.

    :raises Forbidden: unless they are a manager or editor of it
    """
    if not actor.acts_for(organisation.id):
        raise Forbidden(N_("Only this organisation’s managers and editors may do this."))
    return organisation


EditableOrganisation = Annotated[Organisation, Depends(get_editable_organisation)]


def get_managed_organisation(
    actor: SignedInActor, organisation: ViewableOrganisation
) -> Organisation:
    """Return the organisation that they manage.

    :raises Forbidden: unless they are a manager of it
    """
    if not actor.manages(organisation.id):
        raise Forbidden(N_("Only this organisation’s managers may do this."))
    return organisation


ManagedOrganisation = Annotated[Organisation, Depends(get_managed_organisation)]


def get_curated_cluster(organisation: EditableOrganisation) -> Organisation:
    """Return the cluster whose members they may change.

    :raises NotFound: when the organisation is no cluster
    """
    if organisation.kind is not OrganisationKind.CLUSTER:
        raise NotFound(N_("This organisation is no cluster, so it has no members."))
    return organisation


CuratedCluster = Annotated[Organisation, Depends(get_curated_cluster)]
