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
from app.core.pagination import PageNumber
from app.core.rendering import page
from app.organisations.access import AnyActor, EditableOrganisation, SignedInActor
from app.organisations.models import Organisation
from app.sites import actions, pages
from app.sites.access import EditableSite, ViewableSite
from app.sites.forms import SiteForm, site_form
from app.sites.models import Site

router = APIRouter(tags=["sites"])


@router.get("/sites", name="sites:list")
def show_list(
    request: Request, actor: AnyActor, session: DbSession, number: PageNumber = 1
) -> Response:
    shown = pages.sites_page(session, request.query_params, number)
    return page(request, "sites/list.html", shown=shown, actor=actor)


@router.get("/sites/{site_id}", name="sites:show")
def show(request: Request, site: ViewableSite, actor: AnyActor, session: DbSession) -> Response:
    shown = pages.site_page(session, site, actor, request.app.state.site_contributors)
    return page(request, "sites/show.html", site=site, shown=shown)


@router.get("/organisations/{slug}/sites/new", name="sites:new")
def new(request: Request, organisation: EditableOrganisation) -> Response:
    first = {"lang": current_locale(), "country": organisation.country, "is_offered": "1"}
    return _form_page(request, Form(raw={**first, "place": organisation.city}), organisation)


@router.post("/organisations/{slug}/sites/new", name="sites:add")
def add(
    request: Request,
    organisation: EditableOrganisation,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    now: Now,
) -> Response:
    form = Form.read(SiteForm, submitted)
    if form.value is None:
        return _form_page(request, form, organisation)
    site = actions.add(session, organisation, form.value.details(), by=actor, at=now)
    flash(request, gettext("The site is in the registry."))
    return RedirectResponse(f"/sites/{site.id}", 303)


@router.get("/sites/{site_id}/edit", name="sites:edit")
def edit(request: Request, site: EditableSite) -> Response:
    return _form_page(request, site_form(site), site.organisation, site)


@router.post("/sites/{site_id}/edit", name="sites:change")
def change(
    request: Request,
    site: EditableSite,
    actor: SignedInActor,
    session: DbSession,
    submitted: SubmittedForm,
    now: Now,
) -> Response:
    form = Form.read(SiteForm, submitted).carried_out(
        session,
        lambda typed: actions.change(
            session, site, typed.details(), version=typed.version, by=actor, at=now
        ),
        catching=Stale,
    )
    if form.value is None:
        return _form_page(request, form, site.organisation, site)
    flash(request, gettext("Your changes are saved."))
    return RedirectResponse(f"/sites/{site.id}", 303)


def _form_page(
    request: Request,
    form: Form[SiteForm],
    organisation: Organisation,
    site: Site | None = None,
) -> Response:
    return page(
        request,
        "sites/form.html",
        form=form,
        organisation=organisation,
        site=site,
        options=pages.site_options(),
        status_code=form.status_code,
    )
