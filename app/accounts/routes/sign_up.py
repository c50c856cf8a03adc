"""Signing up: an account, and the proof that its person reads mail at the address."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.accounts import actions
from app.accounts.access import CurrentSignIn, Viewer
from app.accounts.access.links import ConfirmingUser, Onward
from app.accounts.actions import Browser
from app.accounts.actions.providers import Elsewhere, check_way
from app.accounts.forms import ConfirmForm, SignUpForm
from app.accounts.routes.cookies import refused_sign_in, signed_in
from app.accounts.routes.strangers import (
    MAILS_FROM,
    SentForm,
    count_password,
    forget_passwords,
)
from app.core.flash import flash
from app.core.forms import Form
from app.core.i18n import current_locale, gettext
from app.core.links import own_path
from app.core.rendering import page

router = APIRouter()


@router.get("/sign-up", name="accounts:sign_up")
def sign_up(request: Request, _viewer: Viewer) -> Response:
    raw = {"locale": current_locale(), "next": request.query_params.get("next", "")}
    return page(request, "accounts/sign_up.html", form=Form(raw=raw))


@router.post("/sign-up", name="accounts:submit_sign_up")
def submit_sign_up(sent: SentForm) -> Response:
    sent.count(MAILS_FROM, "sign-up from", sent.address)
    form = Form.read(SignUpForm, sent.submitted, beside=sent.request.app.state.breached)
    if form.value is None:
        return sent.again("sign_up", form)
    try:
        check_way(form.value.email, sent.request.app.state.settings.sign_in_providers)
    except Elsewhere as refusal:
        return sent.again("sign_up", form.refused(refusal))
    sent.count("3/hour", "sign-up", form.value.email)
    account = actions.NewAccount(**form.value.model_dump(exclude={"next"}))
    onward, outbox = own_path(form.value.next), sent.outbox
    actions.sign_up(sent.session, account, onward=onward, outbox=outbox, at=outbox.now)
    return RedirectResponse("/sign-up/sent", 303)


@router.get("/sign-up/sent", name="accounts:sign_up_sent")
def sign_up_sent(request: Request, _viewer: Viewer) -> Response:
    return page(request, "accounts/sign_up_sent.html")


@router.get("/confirm/{token}", name="accounts:confirm")
def confirm(request: Request, _viewer: Viewer, user: ConfirmingUser) -> Response:
    return page(request, "accounts/confirm.html", user=user, form=Form())


@router.post("/confirm/{token}", name="accounts:submit_confirm")
def submit_confirm(
    sent: SentForm, user: ConfirmingUser, onward: Onward, present: CurrentSignIn
) -> Response:
    """Confirm the address of whoever knows the password, too, and sign them in.

    Otherwise somebody else could sign up with the address and wait until its owner confirms.
    """
    request, now = sent.request, sent.outbox.now
    if user.email_confirmed_at is not None:
        return RedirectResponse("/sign-in", 303)
    form = Form.read(ConfirmForm, sent.submitted)
    if form.value is not None:
        count_password(request, user.email)

    def confirm_it(typed: ConfirmForm) -> None:
        check_way(user.email, request.app.state.settings.sign_in_providers)
        actions.confirm_with(user, password=typed.password, at=now)

    form = form.carried_out(
        sent.session, confirm_it, catching=(actions.NotTheirPassword, Elsewhere), on="password"
    )
    if form.value is None:
        refused_sign_in(request, "password", user)
        return sent.again("confirm", form, user=user)
    forget_passwords(request, user.email)
    browser = Browser(request.headers.get("user-agent", ""), present)
    token = actions.start_session(sent.session, user, browser, at=now)
    flash(request, gettext("Your address is confirmed. You are signed in."))
    return signed_in(request, user, token, onward, by="password")
