"""Where a person is signed in, and how they end it."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.accounts import actions
from app.accounts.access import CurrentUser, FreshSignIn, OwnSession
from app.accounts.routes.cookies import signed_out
from app.core.database import DbSession
from app.core.flash import flash
from app.core.i18n import gettext

router = APIRouter()


@router.post("/account/sessions/{sign_in_id}/end", name="accounts:end_session")
def end_session(
    request: Request, sign_in: OwnSession, present: FreshSignIn, session: DbSession
) -> Response:
    actions.end_session(session, sign_in)
    if sign_in.id == present.id:
        return signed_out(request)
    flash(request, gettext("You are signed out there."))
    return RedirectResponse("/account#sessions", 303)


@router.post("/account/sign-out-elsewhere", name="accounts:sign_out_elsewhere")
def sign_out_elsewhere(request: Request, present: FreshSignIn, session: DbSession) -> Response:
    actions.end_all_sessions(session, present.user, but=present)
    flash(request, gettext("You are signed out everywhere else."))
    return RedirectResponse("/account#sessions", 303)


@router.post("/account/sign-out-everywhere", name="accounts:sign_out_everywhere")
def sign_out_everywhere(request: Request, user: CurrentUser, session: DbSession) -> Response:
    actions.end_all_sessions(session, user)
    flash(request, gettext("You are signed out everywhere."))
    return signed_out(request)
