"""JSON in, JSON out."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.accounts.access import CurrentUser
from app.accounts.models import Scope
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Listing, listing
from app.core.pagination import PageNumber, paginate
from app.organisations import queries
from app.organisations.access import AnyActor, SignedInActor, ViewableCluster, ViewableOrganisation
from app.organisations.models import OrganisationKind
from app.organisations.queries import DirectoryFilter
from app.organisations.schemas import (
    Account,
    MembershipShown,
    OrganisationRef,
    OrganisationShown,
)

router = ApiRouter("organisations")
Words = Annotated[str, Query(alias="q", max_length=100, description="Words in name or town.")]
Kinds = Annotated[tuple[OrganisationKind, ...], Query(alias="kind")]


@router.read("/me", "me", scope=Scope.ACCOUNT_READ, twin="home:work")
def show_me(user: CurrentUser, actor: SignedInActor) -> Account:
    """Show who is asking.

    The person behind the token with their organisations and roles.
    """
    return Account(
        id=user.id,
        name=user.name,
        email=user.email,
        locale=user.locale,
        is_regional_developer=user.is_regional_developer,
        is_administrator=user.is_administrator,
        memberships=[
            MembershipShown(organisation=OrganisationRef.of(m.organisation), role=m.role)
            for m in actor.memberships
        ],
    )


@router.read(
    "/organisations", "list", scope=Scope.ORGANISATIONS_READ, twin="organisations:directory"
)
def list_organisations(  # noqa: PLR0913, PLR0917 -- one for each filter
    request: Request,
    answer: Response,
    _actor: AnyActor,
    session: DbSession,
    words: Words = "",
    kinds: Kinds = (),
    cluster: Annotated[str, Query(max_length=200, description="Slug of a cluster.")] = "",
    country: Annotated[str, Query(max_length=2, description="Two letters, such as DE.")] = "",
    number: PageNumber = 1,
) -> Listing[OrganisationShown]:
    """List verified organisations.

    By name, as in the public directory.
    """
    wanted = DirectoryFilter(words.strip(), tuple(kinds), cluster, country)
    page = paginate(session, queries.directory(wanted), number=number)
    return listing(request, answer, page, OrganisationShown.of)


@router.read(
    "/organisations/{slug}", "show", scope=Scope.ORGANISATIONS_READ, twin="organisations:show"
)
def show_organisation(organisation: ViewableOrganisation) -> OrganisationShown:
    """Show an organisation."""
    return OrganisationShown.of(organisation)


@router.read(
    "/organisations/{slug}/members",
    "members",
    scope=Scope.ORGANISATIONS_READ,
    twin="organisations:members",
)
def list_members(
    request: Request,
    answer: Response,
    cluster: ViewableCluster,
    session: DbSession,
    number: PageNumber = 1,
) -> Listing[OrganisationShown]:
    """List the members of a cluster."""
    page = paginate(session, queries.members_of(cluster), number=number)
    return listing(request, answer, page, OrganisationShown.of)
