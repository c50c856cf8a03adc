"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import Stale
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import current_locale, gettext
from app.core.outbox import RequestOutbox
from app.core.pagination import PageNumber
from app.core.rendering import page
from app.organisations import actions, queries
from app.organisations.access import (
    AnyActor,
    CuratedCluster,
    CuratedMember,
    InvitingOrganisation,
    JoinInvitation,
    ManagedOrganisation,
    ManagedPerson,
    OpenInvitation,
    OwnOrganisation,
    SignedInActor,
    Verifier,
    ViewableCluster,
    ViewableOrganisation,
)
from app.organisations.forms import (
    InvitationForm,
    MemberForm,
    OrganisationForm,
    RoleForm,
    organisation_form,
)
from app.organisations.models import Organisation
from app.organisations.pages import (
    directory_page,
    form_options,
    members_page,
    organisation_page,
    people_page,
)

router = APIRouter(tags=["organisations"])


@router.get("/organisations", name="organisations:directory")
def directory(
    request: Request, _actor: AnyActor, session: DbSession, number: PageNumber = 1
) -> Response:
    shown = directory_page(session, request.query_params, number)
    return page(request, "organisations/directory.html", directory=shown)


@router.get("/organisations/new", name="organisations:new")
def new(request: Request, _actor: SignedInActor) -> Response:
    return _form_page(request, Form(raw={"lang": current_locale()}), None)


@router.post("/organisations/new", name="organisations:create")
def create(
    request: Request,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(OrganisationForm, submitted)
    if form.value is None:
        return _form_page(request, form, None)
    organisation = actions.create(
        session, form.value.details(), by=actor, outbox=outbox, at=outbox.now
    )
    flash(request, gettext("The organisation is added. A regional developer verifies it next."))
    return RedirectResponse(f"/organisations/{organisation.slug}", 303)


@router.get("/organisations/unverified", name="organisations:unverified")
def unverified(
    request: Request, _actor: Verifier, session: DbSession, number: PageNumber = 1
) -> Response:
    found = queries.page_of_unverified(session, number=number)
    return page(request, "organisations/unverified.html", found=found)


@router.get("/organisations/{slug}", name="organisations:show")
def show(
    request: Request,
    actor: AnyActor,
    organisation: ViewableOrganisation,
    session: DbSession,
    now: Now,
) -> Response:
    contributors = request.app.state.organisation_contributors
    shown = organisation_page(session, organisation, actor, now, contributors=contributors)
    return page(request, "organisations/organisation.html", shown=shown, organisation=organisation)


@router.post("/organisations/{slug}/verify", name="organisations:verify")
def verify(
    request: Request,
    actor: Verifier,
    organisation: ViewableOrganisation,
    session: DbSession,
    outbox: RequestOutbox,
) -> Response:
    actions.verify(session, organisation, by=actor, outbox=outbox, at=outbox.now)
    name = organisation.name
    flash(request, gettext("%(name)s is verified and public now.") % {"name": name})
    return RedirectResponse("/organisations/unverified", 303)


@router.get("/organisations/{slug}/edit", name="organisations:edit")
def edit(request: Request, organisation: ManagedOrganisation) -> Response:
    return _form_page(request, organisation_form(organisation), organisation)


@router.post("/organisations/{slug}/edit", name="organisations:change")
def change(
    request: Request,
    actor: SignedInActor,
    organisation: ManagedOrganisation,
    session: DbSession,
    submitted: SubmittedForm,
    now: Now,
) -> Response:
    form = Form.read(OrganisationForm, submitted)
    form = form.carried_out(
        session,
        lambda typed: actions.change(
            session, organisation, typed.details(), version=typed.version, by=actor, at=now
        ),
        catching=(Stale, actions.KindIsFixed),
    )
    if form.value is None:
        is_stale = isinstance(form.refusal, Stale)
        return _form_page(request, form, organisation, is_stale=is_stale)
    flash(request, gettext("Your changes are saved."))
    return RedirectResponse(f"/organisations/{organisation.slug}", 303)


@router.get("/organisations/{slug}/people", name="organisations:people")
def people(
    request: Request, actor: SignedInActor, organisation: OwnOrganisation, session: DbSession
) -> Response:
    shown = people_page(session, organisation, actor)
    return page(request, "organisations/people.html", shown=shown)


@router.post("/organisations/{slug}/people", name="organisations:invite")
def invite(
    request: Request,
    actor: SignedInActor,
    organisation: InvitingOrganisation,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(InvitationForm, submitted).carried_out(
        session,
        lambda offer: actions.invite(
            session, organisation, email=offer.email, role=offer.role, by=actor, outbox=outbox
        ),
        catching=actions.AlreadyThere,
        on="email",
    )
    if form.value is None:
        shown = people_page(session, organisation, actor, form=form)
        return page(request, "organisations/people.html", shown=shown, status_code=form.status_code)
    flash(request, gettext("The invitation to %(to)s is sent.") % {"to": form.value.email})
    return RedirectResponse(f"/organisations/{organisation.slug}/people", 303)


@router.post("/organisations/{slug}/people/{membership_id}/role", name="organisations:change_role")
def change_role(
    request: Request,
    actor: SignedInActor,
    person: ManagedPerson,
    session: DbSession,
    submitted: SubmittedForm,
    now: Now,
) -> Response:
    form = Form.read(RoleForm, submitted)
    if form.value is not None:
        actions.change_role(session, person, role=form.value.role, by=actor, at=now)
        flash(request, gettext("%(name)s has a new role.") % {"name": person.user.name})
    return _back_to_people(request)


@router.post("/organisations/{slug}/people/{membership_id}/remove", name="organisations:remove")
def remove(
    request: Request, actor: SignedInActor, person: ManagedPerson, session: DbSession, now: Now
) -> Response:
    actions.remove_person(session, person, by=actor, at=now)
    flash(request, gettext("%(name)s is removed.") % {"name": person.user.name})
    return _back_to_people(request) if person.user != actor.user else RedirectResponse("/home", 303)


@router.post(
    "/organisations/{slug}/people/invitations/{invitation_id}/withdraw",
    name="organisations:withdraw_invitation",
)
def withdraw_invitation(request: Request, invited: OpenInvitation, session: DbSession) -> Response:
    actions.withdraw_invitation(session, invited)
    flash(request, gettext("The invitation to %(to)s is withdrawn.") % {"to": invited.email})
    return _back_to_people(request)


@router.get("/join/{token}", name="organisations:show_invitation")
def show_invitation(request: Request, actor: SignedInActor, invited: JoinInvitation) -> Response:
    return page(request, "organisations/join.html", invited=invited, actor=actor)


@router.post("/join/{token}", name="organisations:join")
def join(
    request: Request, actor: SignedInActor, invited: JoinInvitation, session: DbSession, now: Now
) -> Response:
    actions.join(session, invited, by=actor, at=now)
    organisation = invited.organisation
    flash(request, gettext("You belong to %(name)s now.") % {"name": organisation.name})
    return RedirectResponse(f"/organisations/{organisation.slug}", 303)


@router.get("/organisations/{slug}/members", name="organisations:members")
def members(
    request: Request,
    actor: AnyActor,
    cluster: ViewableCluster,
    session: DbSession,
    number: PageNumber = 1,
) -> Response:
    words = request.query_params.get("q", "").strip()
    shown = members_page(session, cluster, actor, number=number, words=words)
    return page(request, "organisations/members.html", shown=shown)


@router.post("/organisations/{slug}/members", name="organisations:add_member")
def add_member(
    request: Request,
    actor: SignedInActor,
    cluster: CuratedCluster,
    session: DbSession,
    submitted: SubmittedForm,
    now: Now,
) -> Response:
    form = Form.read(MemberForm, submitted)
    member = queries.organisation_by_id(session, form.value.member_id) if form.value else None
    if member is not None and member.verified_at is not None:
        actions.add_member(session, cluster, member, by=actor, at=now)
        flash(request, gettext("%(name)s is a member now.") % {"name": member.name})
    return RedirectResponse(f"/organisations/{cluster.slug}/members", 303)


@router.post("/organisations/{slug}/members/{member_id}/remove", name="organisations:remove_member")
def remove_member(
    request: Request, actor: SignedInActor, membership: CuratedMember, session: DbSession, now: Now
) -> Response:
    actions.remove_member(session, membership, by=actor, at=now)
    name = membership.member.name
    flash(request, gettext("%(name)s is no member any more.") % {"name": name})
    return RedirectResponse(f"/organisations/{request.path_params['slug']}/members", 303)


def _form_page(
    request: Request,
    form: Form[OrganisationForm],
    organisation: Organisation | None,
    *,
    is_stale: bool = False,
) -> Response:
    return page(
        request,
        "organisations/form.html",
        form=form,
        organisation=organisation,
        options=form_options(),
        is_stale=is_stale,
        status_code=409 if is_stale else 422 if form.errors else 200,
    )


def _back_to_people(request: Request) -> Response:
    return RedirectResponse(f"/organisations/{request.path_params['slug']}/people", 303)
