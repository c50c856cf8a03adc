"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.access import CurrentUser
from app.core.clock import Now
from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.rendering import page
from app.organisations.access import SignedInActor
from app.searches import actions, pages, queries
from app.searches.access import MailedSearch, OwnSearch
from app.searches.forms import SaveForm
from app.searches.policy import filters_in

router = APIRouter(tags=["searches"])


@router.get("/searches", name="searches:list")
def show_list(
    request: Request, user: CurrentUser, _actor: SignedInActor, session: DbSession
) -> Response:
    searches = queries.searches_of(session, user.id)
    return page(request, "searches/list.html", kept=pages.kept_searches(session, searches))


@router.post("/searches", name="searches:save")
def save(
    request: Request, user: CurrentUser, session: DbSession, data: SubmittedForm, now: Now
) -> Response:
    form = Form.read(SaveForm, data)
    query = filters_in(form.value.query) if form.value else ""
    actions.save(session, user, query, found=pages.found_by(session, query), at=now)
    flash(
        request,
        gettext(
            "The search is saved. What is new in it comes on Mondays, "
            "unless you choose something else."
        ),
    )
    return RedirectResponse("/searches", 303)


@router.post("/searches/{search_id}/mail", name="searches:switch")
def switch(
    request: Request, search: OwnSearch, session: DbSession, data: SubmittedForm
) -> Response:
    if data.get("wants_mail") == "1":
        actions.switch_on(search, found=pages.found_by(session, search.query))
        flash(request, gettext("You get mail about this search."))
    else:
        actions.switch_off(search)
        flash(request, gettext("You get no mail about this search any more."))
    return RedirectResponse("/searches", 303)


@router.post("/searches/{search_id}/delete", name="searches:delete")
def delete(request: Request, search: OwnSearch, session: DbSession) -> Response:
    actions.delete(session, search)
    flash(request, gettext("The search is deleted."))
    return RedirectResponse("/searches", 303)


@router.get("/searches/off/{token}", name="searches:mail_off")
def show_mail_off(request: Request, search: MailedSearch, session: DbSession) -> Response:
    """Show what a link from a mail would switch off; looking changes nothing."""
    words = pages.words_of(session, search)
    return page(request, "searches/off.html", search=search, words=words)


@router.post("/searches/off/{token}", name="searches:switch_mail_off")
def switch_mail_off(request: Request, search: MailedSearch, session: DbSession) -> Response:
    actions.switch_off(search)
    words = pages.words_of(session, search)
    return page(request, "searches/off.html", search=search, words=words)
