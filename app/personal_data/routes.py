"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.accounts.access import CurrentUser, FreshSignIn, cookie_name
from app.accounts.models import User
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import DomainError, in_words
from app.core.flash import flash
from app.core.i18n import gettext
from app.core.rendering import page
from app.core.savepoints import all_or_nothing
from app.personal_data import actions
from app.personal_data.pages import DataPage, copy_of

router = APIRouter(tags=["personal_data"])


@router.get("/account/data", name="personal_data:show")
def show(request: Request, user: CurrentUser) -> Response:
    return _page(request, user)


@router.get("/account/data/copy", name="personal_data:copy")
def copy(present: FreshSignIn, session: DbSession, now: Now) -> Response:
    """Hand over everything that is kept about whoever asks, who proved who they are just now."""
    return Response(
        copy_of(session, present.user, now=now),
        media_type="application/json",
        headers={
            "Content-Disposition": 'attachment; filename="quaylink-my-data.json"',
            "Cache-Control": "no-store",
        },
    )


@router.get("/account/data/delete", name="personal_data:confirm_delete")
def confirm_delete(request: Request, present: FreshSignIn) -> Response:
    return page(request, "personal_data/delete.html", user=present.user, refused="")


@router.post("/account/data/delete", name="personal_data:delete")
def delete(request: Request, present: FreshSignIn, session: DbSession, now: Now) -> Response:
    user, forget = present.user, request.app.state.address_forgetters
    try:
        with all_or_nothing(session):
            actions.delete_account(session, user, at=now, forget=forget)
    except DomainError as refusal:
        refused = in_words(refusal)
        return page(
            request, "personal_data/delete.html", user=user, refused=refused, status_code=409
        )
    flash(request, gettext("Your account is deleted."))
    settings = request.app.state.settings
    response = RedirectResponse("/", 303)
    response.delete_cookie(
        cookie_name(settings), secure=settings.secure_cookies, httponly=True, samesite="lax"
    )
    return response


def _page(request: Request, user: User) -> Response:
    days = request.app.state.settings.journal_names_days
    return page(request, "personal_data/show.html", shown=DataPage(user, days))
