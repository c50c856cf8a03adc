"""Keys for programs: made after the password was typed again, shown once, deleted at any time."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.accounts.access import CurrentUser, FreshSignIn, OwnToken
from app.accounts.actions import tokens
from app.accounts.forms import TokenForm
from app.accounts.pages import tokens_page
from app.accounts.policy import TOKEN_DAYS
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import DomainError
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.savepoints import all_or_nothing

router = APIRouter()


@router.get("/account/tokens", name="accounts:tokens")
def show_tokens(request: Request, user: CurrentUser, session: DbSession, now: Now) -> Response:
    form = Form[TokenForm](raw={"days": str(TOKEN_DAYS[1])})
    shown = tokens_page(session, user, now=now, form=form)
    return page(request, "accounts/tokens.html", shown=shown)


@router.post("/account/tokens", name="accounts:create_token")
def create_token(
    request: Request,
    present: FreshSignIn,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    user = present.user
    form, key = Form.read(TokenForm, submitted), ""
    if form.value is not None:
        request.app.state.rate_limits.count("5/minute", "sign-in", user.email)
        wanted, typed = form.value.wanted(), form.value.present
        try:
            with all_or_nothing(session):
                key = tokens.create_token(session, user, wanted, present=typed, outbox=outbox)
        except DomainError as refusal:
            form = form.refused(refusal)
    if form.value is None:
        shown = tokens_page(session, user, now=outbox.now, form=form)
        return page(request, "accounts/tokens.html", shown=shown, status_code=form.status_code)
    fresh = Form[TokenForm](raw={"days": str(TOKEN_DAYS[1])})
    shown = tokens_page(session, user, now=outbox.now, form=fresh, key=key)
    answer = page(request, "accounts/tokens.html", shown=shown, status_code=201)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/account/tokens/{token_id}/delete", name="accounts:delete_token")
def delete_token(request: Request, token: OwnToken, session: DbSession) -> Response:
    tokens.revoke_token(session, token)
    flash(
        request, gettext("“%(name)s” is deleted and opens nothing any more.") % {"name": token.name}
    )
    return RedirectResponse("/account/tokens", 303)
