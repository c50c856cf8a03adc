"""Another e-mail address for an account."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.accounts.access import FreshSignIn, Viewer
from app.accounts.access.links import MovingUser, NewAddress
from app.accounts.actions import addresses
from app.accounts.forms import NewAddressForm
from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page

router = APIRouter()


@router.get("/account/email", name="accounts:new_address")
def new_address(request: Request, present: FreshSignIn) -> Response:
    return page(request, "accounts/new_address.html", form=Form(), user=present.user)


@router.post("/account/email", name="accounts:request_address")
def request_address(
    request: Request,
    present: FreshSignIn,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form, user = Form.read(NewAddressForm, submitted), present.user
    if form.value is not None:
        request.app.state.rate_limits.count("3/hour", "new address", user.email)
    form = form.carried_out(
        session,
        lambda typed: addresses.request(user, session=session, email=typed.email, outbox=outbox),
        catching=addresses.SameAddress,
    )
    if form.value is None:
        return page(
            request,
            "accounts/new_address.html",
            form=form,
            user=user,
            status_code=form.status_code,
        )
    return page(request, "accounts/new_address_sent.html", email=form.value.email)


@router.get("/account/email/{token}", name="accounts:confirm_address")
def confirm_address(
    request: Request, _viewer: Viewer, user: MovingUser, email: NewAddress
) -> Response:
    return page(request, "accounts/confirm_address.html", user=user, email=email)


@router.post("/account/email/{token}", name="accounts:change_address")
def change_address(
    request: Request,
    _viewer: Viewer,
    user: MovingUser,
    email: NewAddress,
    session: DbSession,
    outbox: RequestOutbox,
) -> Response:
    movers = request.app.state.address_movers
    addresses.change(session, user, email=email, outbox=outbox, movers=movers)
    flash(request, gettext("Your new address counts from now on. Sign in with it."))
    return RedirectResponse("/sign-in", 303)
