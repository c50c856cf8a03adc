"""HTTP in, HTTP out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse
from starlette.responses import Response as HttpResponse

from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.savepoints import all_or_nothing
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor
from app.partners import actions, pages
from app.partners.access import AuthoredResponse, LedPartner, OwnPartner
from app.partners.forms import AddForm, DeclineForm, TermsForm
from app.responses.access import OwnResponse
from app.responses.actions import require_editable
from app.responses.models import Response, ResponsePartner

router = APIRouter(tags=["partners"])


@router.get("/responses/{response_id}/partners", name="partners:show")
def show(
    request: Request,
    response: AuthoredResponse,
    actor: SignedInActor,
    session: DbSession,
    q: Annotated[str, Query(max_length=100)] = "",
) -> HttpResponse:
    return _page(request, session, response, actor, Form[AddForm](raw={"q": q.strip()}))


@router.post("/responses/{response_id}/partners", name="partners:add")
def add(
    request: Request,
    response: OwnResponse,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> HttpResponse:
    form = Form.read(AddForm, data)
    if form.value is None:
        return _page(request, session, response, actor, form)
    organisation_id, terms = form.value.organisation_id, form.value.terms()
    try:
        with all_or_nothing(session):
            added = actions.add(session, response, organisation_id, terms, by=actor, outbox=outbox)
    except (actions.NotPossible, actions.TooMuch) as refusal:
        return _page(request, session, response, actor, form.refused(refusal))
    name = added.organisation.name
    flash(request, gettext("%(name)s is asked to sign its part.") % {"name": name})
    return _back(response)


@router.post("/responses/{response_id}/partners/{partner_id}/change", name="partners:change")
def change(
    request: Request,
    partner: LedPartner,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> HttpResponse:
    form = Form.read(TermsForm, data).carried_out(
        session,
        lambda typed: actions.change(session, partner, typed.terms(), by=actor, outbox=outbox),
        catching=actions.TooMuch,
    )
    if form.value is None:
        return _change_page(request, partner, form)
    flash(request, gettext("The terms are changed. Everybody concerned is asked to sign."))
    return _back(partner.response)


@router.get("/responses/{response_id}/partners/{partner_id}/change", name="partners:change_form")
def change_form(request: Request, partner: LedPartner) -> HttpResponse:
    require_editable(partner.response)
    form = Form[TermsForm](raw={"part": partner.part, "share": str(partner.share)})
    return _change_page(request, partner, form)


@router.post("/responses/{response_id}/partners/{partner_id}/remove", name="partners:remove")
def remove(
    request: Request,
    partner: LedPartner,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> HttpResponse:
    response, name = partner.response, partner.organisation.name
    actions.remove(session, partner, by=actor, outbox=outbox)
    flash(request, gettext("%(name)s is no partner any more.") % {"name": name})
    return _back(response)


@router.post("/responses/{response_id}/partners/{partner_id}/sign", name="partners:sign")
def sign(
    request: Request,
    partner: OwnPartner,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> HttpResponse:
    seen = str(data.get("seal", ""))
    actions.sign(session, partner, seen=seen, by=actor, outbox=outbox)
    flash(request, gettext("Your part is signed. The lead knows."))
    return _back(partner.response)


@router.post("/responses/{response_id}/partners/{partner_id}/decline", name="partners:decline")
def decline(
    request: Request,
    partner: OwnPartner,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> HttpResponse:
    form = Form.read(DeclineForm, data)
    if form.value is None:
        return _page(request, session, partner.response, actor, form)
    actions.decline(session, partner, by=actor, outbox=outbox, reason=form.value.reason)
    flash(request, gettext("You do not take part. The lead knows."))
    return RedirectResponse("/home", 303)


def _back(response: Response) -> RedirectResponse:
    return RedirectResponse(f"/responses/{response.id}/partners", 303)


def _page(
    request: Request,
    session: DbSession,
    response: Response,
    actor: Actor,
    form: Form[AddForm] | Form[DeclineForm],
) -> HttpResponse:
    shown = pages.partners_page(session, response, actor, words=form.get("q"))
    return page(
        request,
        "partners/partners.html",
        status_code=form.status_code,
        shown=shown,
        response=response,
        challenge=response.challenge,
        form=form,
    )


def _change_page(request: Request, partner: ResponsePartner, form: Form[TermsForm]) -> HttpResponse:
    return page(
        request,
        "partners/change.html",
        status_code=form.status_code,
        partner=partner,
        response=partner.response,
        challenge=partner.response.challenge,
        form=form,
    )
