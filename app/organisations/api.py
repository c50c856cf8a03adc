"""JSON in, JSON out."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.accounts.access import CurrentUser
from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession
from app.core.i18n import gettext
from app.core.json_api import ApiRouter, Listing, SeenVersion, listing, tag
from app.core.outbox import RequestOutbox
from app.core.pagination import PageNumber, paginate
from app.core.problems import Invalid
from app.organisations import actions, queries
from app.organisations.access import (
    AnyActor,
    CuratedCluster,
    CuratedMember,
    InvitingOrganisation,
    ManagedOrganisation,
    ManagedPerson,
    OpenInvitation,
    OwnOrganisation,
    SignedInActor,
    Verifier,
    ViewableCluster,
    ViewableOrganisation,
)
from app.organisations.models import Organisation, OrganisationKind
from app.organisations.pages import people_page
from app.organisations.queries import DirectoryFilter
from app.organisations.schemas import (
    Account,
    InvitedShown,
    MemberAdded,
    MembershipShown,
    OrganisationRef,
    OrganisationShown,
    OrganisationWritten,
    PeopleShown,
    PersonInvited,
    PersonShown,
    RoleGiven,
)

router = ApiRouter("organisations")
READ, WRITE = Scope.ORGANISATIONS_READ, Scope.ORGANISATIONS_WRITE
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
def show_organisation(answer: Response, organisation: ViewableOrganisation) -> OrganisationShown:
    """Show an organisation."""
    return _tagged(answer, organisation)


def _tagged(answer: Response, organisation: Organisation) -> OrganisationShown:
    tag(answer, organisation.version)
    return OrganisationShown.of(organisation)


@router.act("/organisations", "create", scope=WRITE, twin="organisations:create", status_code=201)
def create_organisation(
    answer: Response,
    typed: OrganisationWritten,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> OrganisationShown:
    """Add an organisation, which you manage; a regional developer verifies it next."""
    details, at = typed.details(), outbox.now
    organisation = actions.create(session, details, by=actor, outbox=outbox, at=at)
    session.flush()
    return _tagged(answer, organisation)


@router.act(
    "/organisations/{slug}", "change", scope=WRITE, twin="organisations:change", method="PUT"
)
def change_organisation(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    answer: Response,
    organisation: ManagedOrganisation,
    seen: SeenVersion,
    typed: OrganisationWritten,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> OrganisationShown:
    """Change what your organisation says about itself."""
    actions.change(session, organisation, typed.details(), version=seen, by=actor, at=now)
    session.flush()
    return _tagged(answer, organisation)


@router.act("/organisations/{slug}/verify", "verify", scope=WRITE, twin="organisations:verify")
def verify_organisation(
    answer: Response,
    actor: Verifier,
    organisation: ViewableOrganisation,
    session: DbSession,
    outbox: RequestOutbox,
) -> OrganisationShown:
    """Verify an organisation, for the region; it is public from then on."""
    actions.verify(session, organisation, by=actor, outbox=outbox, at=outbox.now)
    session.flush()
    return _tagged(answer, organisation)


@router.read("/unverified-organisations", "unverified", scope=READ, twin="organisations:unverified")
def list_unverified(
    request: Request,
    answer: Response,
    _actor: Verifier,
    session: DbSession,
    number: PageNumber = 1,
) -> Listing[OrganisationShown]:
    """List the organisations that wait to be verified."""
    page = paginate(session, queries.unverified(), number=number)
    return listing(request, answer, page, OrganisationShown.of)


@router.read("/organisations/{slug}/people", "people", scope=READ, twin="organisations:people")
def list_people(
    actor: SignedInActor, organisation: OwnOrganisation, session: DbSession
) -> PeopleShown:
    """List who belongs to your organisation."""
    return PeopleShown.of(people_page(session, organisation, actor))


@router.act("/organisations/{slug}/people", "invite", scope=WRITE, twin="organisations:invite")
def invite_person(
    actor: SignedInActor,
    organisation: InvitingOrganisation,
    typed: PersonInvited,
    session: DbSession,
    outbox: RequestOutbox,
) -> PeopleShown:
    """Invite somebody by e-mail to join your organisation."""
    email, role = typed.email, typed.role
    actions.invite(session, organisation, email=email, role=role, by=actor, outbox=outbox)
    session.flush()
    return PeopleShown.of(people_page(session, organisation, actor))


@router.act(
    "/organisations/{slug}/people/{membership_id}",
    "change_role",
    scope=WRITE,
    twin="organisations:change_role",
    method="PUT",
)
def change_role(
    actor: SignedInActor, person: ManagedPerson, typed: RoleGiven, session: DbSession, now: Now
) -> PersonShown:
    """Give somebody another role."""
    actions.change_role(session, person, role=typed.role, by=actor, at=now)
    return PersonShown.of(person)


@router.act(
    "/organisations/{slug}/people/{membership_id}",
    "remove",
    scope=WRITE,
    twin="organisations:remove",
    method="DELETE",
)
def remove_person(
    actor: SignedInActor, person: ManagedPerson, session: DbSession, now: Now
) -> PersonShown:
    """Take somebody off your organisation; they are shown for the last time."""
    last = PersonShown.of(person)
    actions.remove_person(session, person, by=actor, at=now)
    return last


@router.act(
    "/organisations/{slug}/invitations/{invitation_id}",
    "withdraw",
    scope=WRITE,
    twin="organisations:withdraw_invitation",
    method="DELETE",
)
def withdraw_invitation(invited: OpenInvitation, session: DbSession) -> InvitedShown:
    """Withdraw an invitation to join; it is shown for the last time."""
    last = InvitedShown.of(invited)
    actions.withdraw_invitation(session, invited)
    return last


@router.act(
    "/organisations/{slug}/members", "add_member", scope=WRITE, twin="organisations:add_member"
)
def add_member(
    actor: SignedInActor, cluster: CuratedCluster, typed: MemberAdded, session: DbSession, now: Now
) -> OrganisationShown:
    """Make a verified organisation a member of your cluster."""
    member = queries.organisation_by_id(session, typed.member_id)
    if member is None or member.verified_at is None:
        raise Invalid({"member_id": gettext("There is no such organisation to add.")})
    actions.add_member(session, cluster, member, by=actor, at=now)
    return OrganisationShown.of(member)


@router.act(
    "/organisations/{slug}/members/{member_id}",
    "remove_member",
    scope=WRITE,
    twin="organisations:remove_member",
    method="DELETE",
)
def remove_member(
    actor: SignedInActor, membership: CuratedMember, session: DbSession, now: Now
) -> OrganisationShown:
    """End a membership in your cluster; the member is shown."""
    actions.remove_member(session, membership, by=actor, at=now)
    return OrganisationShown.of(membership.member)


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
