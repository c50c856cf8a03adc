"""Signing up and in, passwords, and a person's own details."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.accounts import actions
from app.accounts.access import (
    ConfirmingUser,
    CurrentSignIn,
    LiveSignIn,
    Onward,
    ResettingUser,
    Viewer,
)
from app.accounts.access.required_factor import before_second_factor
from app.accounts.actions import Browser
from app.accounts.actions.providers import Elsewhere, check_way
from app.accounts.forms import (
    DetailsForm,
    ForgottenForm,
    PasswordForm,
    ResetForm,
    SignInForm,
    SignUpForm,
)
from app.accounts.pages import account_page
from app.accounts.routes.cookies import (
    half_signed_in,
    needs_code,
    refused_sign_in,
    remember_language,
    signed_in,
    signed_out,
)
from app.core.clock import Now
from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import current_locale, gettext, speaking
from app.core.links import own_path
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.savepoints import all_or_nothing

router = APIRouter()

SIGN_INS_FROM = "30/minute"
"""Attempts from one address of the net, right or wrong: a whole office may share one."""
MAILS_FROM = "60/hour"
"""Sign-ups, and new passwords asked for, from one address of the net: each may send somebody mail,
and choosing a password takes work.
"""
WRONG_PASSWORDS = "5/minute"
"""Attempts on one account until the right password comes."""


@dataclass(frozen=True)
class Sent:
    """A form that somebody sends who need not be signed in, and that may lead to an e-mail."""

    request: Request
    viewer: Viewer
    session: DbSession
    submitted: SubmittedForm
    outbox: RequestOutbox

    def again(self, template: str, form: Form[Any]) -> Response:
        """Return the page of the form with what is wrong."""
        return page(self.request, f"accounts/{template}.html", form=form, status_code=422)


SentForm = Annotated[Sent, Depends()]


@router.get("/sign-up", name="accounts:sign_up")
def sign_up(request: Request, _viewer: Viewer) -> Response:
    raw = {"locale": current_locale(), "next": request.query_params.get("next", "")}
    return page(request, "accounts/sign_up.html", form=Form(raw=raw))


@router.post("/sign-up", name="accounts:submit_sign_up")
def submit_sign_up(sent: SentForm) -> Response:
    _count(sent.request, MAILS_FROM, "sign-up from", _address(sent.request))
    form = Form.read(SignUpForm, sent.submitted, beside=sent.request.app.state.breached)
    if form.value is None:
        return sent.again("sign_up", form)
    try:
        check_way(form.value.email, sent.request.app.state.settings.sign_in_providers)
    except Elsewhere as refusal:
        return sent.again("sign_up", form.refused(refusal))
    _count(sent.request, "3/hour", "sign-up", form.value.email)
    account = actions.NewAccount(**form.value.model_dump(exclude={"next"}))
    onward, outbox = own_path(form.value.next), sent.outbox
    actions.sign_up(sent.session, account, onward=onward, outbox=outbox, at=outbox.now)
    return RedirectResponse("/sign-up/sent", 303)


@router.get("/sign-up/sent", name="accounts:sign_up_sent")
def sign_up_sent(request: Request, _viewer: Viewer) -> Response:
    return page(request, "accounts/sign_up_sent.html")


@router.get("/confirm/{token}", name="accounts:confirm")
def confirm(request: Request, _viewer: Viewer, user: ConfirmingUser) -> Response:
    return page(request, "accounts/confirm.html", user=user)


@router.post("/confirm/{token}", name="accounts:submit_confirm")
def submit_confirm(
    request: Request, _viewer: Viewer, user: ConfirmingUser, onward: Onward, now: Now
) -> Response:
    actions.confirm(user, at=now)
    flash(request, gettext("Your address is confirmed. You can sign in now."))
    return RedirectResponse(_sign_in_address(request, onward), 303)


@router.get("/sign-in", name="accounts:sign_in")
def sign_in(request: Request, viewer: Viewer) -> Response:
    onward = own_path(request.query_params.get("next", ""))
    if viewer is not None:
        return RedirectResponse(onward, 303)
    return _sign_in_page(request, Form(raw={"next": onward}))


@router.post("/sign-in", name="accounts:submit_sign_in")
def submit_sign_in(
    request: Request,
    present: CurrentSignIn,
    _viewer: Viewer,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(SignInForm, submitted)
    if form.value is None:
        return _sign_in_page(request, form)
    _count(request, SIGN_INS_FROM, "sign-in from", _address(request))
    _count(request, WRONG_PASSWORDS, "sign-in", form.value.email)
    onward = own_path(form.value.next)
    email, password = form.value.email, form.value.password
    try:
        with all_or_nothing(session):
            check_way(email, request.app.state.settings.sign_in_providers)
            user = actions.authenticate(session, email=email, password=password)
    except (actions.WrongPassword, Elsewhere) as refusal:
        refused_sign_in(request, "password")
        return _sign_in_page(request, form.refused(refusal))
    request.app.state.rate_limits.forget(WRONG_PASSWORDS, "sign-in", user.email)
    if user.email_confirmed_at is None:
        _count(request, "3/hour", "sign-up", user.email)
        actions.send_confirmation(user, onward=onward, outbox=outbox)
        return page(request, "accounts/unconfirmed.html", user=user, status_code=403)
    if needs_code(session, user):
        return half_signed_in(request, user, onward)
    browser = Browser(request.headers.get("user-agent", ""), present)
    token = actions.start_session(session, user, browser, at=outbox.now)
    return signed_in(request, user, token, onward)


@router.post("/sign-out", name="accounts:sign_out")
@before_second_factor
def sign_out(
    request: Request, present: CurrentSignIn, _viewer: Viewer, session: DbSession
) -> Response:
    words = gettext("You are signed out.")
    if present is not None:
        actions.end_session(session, present)
        client = request.app.state.sign_in_providers.get(present.provider)
        if client is not None:
            words = gettext(
                "You are signed out here. At %(name)s you may still be signed in: on a shared "
                "computer, sign out there, too."
            ) % {"name": client.provider.name}
    flash(request, words)
    return signed_out(request)


@router.get("/password/forgotten", name="accounts:forgotten")
def forgotten(request: Request, _viewer: Viewer) -> Response:
    return page(request, "accounts/forgotten.html", form=Form())


@router.post("/password/forgotten", name="accounts:submit_forgotten")
def submit_forgotten(sent: SentForm) -> Response:
    _count(sent.request, MAILS_FROM, "reset from", _address(sent.request))
    form = Form.read(ForgottenForm, sent.submitted)
    if form.value is None:
        return sent.again("forgotten", form)
    email = form.value.email
    _count(sent.request, "3/hour", "reset", email)
    actions.request_reset(sent.session, email=email, at=sent.outbox.now)
    return page(sent.request, "accounts/reset_sent.html", email=email)


@router.get("/password/reset/{token}", name="accounts:reset")
def reset(request: Request, _viewer: Viewer, _user: ResettingUser) -> Response:
    return page(request, "accounts/reset.html", form=Form())


@router.post("/password/reset/{token}", name="accounts:submit_reset")
def submit_reset(
    request: Request,
    _viewer: Viewer,
    user: ResettingUser,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(ResetForm, submitted, beside=request.app.state.breached)
    if form.value is None:
        return page(request, "accounts/reset.html", form=form, status_code=422)
    actions.reset_password(
        session, user, password=form.value.password, outbox=outbox, at=outbox.now
    )
    flash(request, gettext("Your new password is stored. Sign in with it."))
    return RedirectResponse("/sign-in", 303)


@router.get("/account", name="accounts:account")
def account(request: Request, present: LiveSignIn, session: DbSession, now: Now) -> Response:
    return page(request, "accounts/account.html", account=account_page(session, present, now=now))


@router.post("/account/language", name="accounts:change_details")
def change_details(
    request: Request, present: LiveSignIn, session: DbSession, submitted: SubmittedForm, now: Now
) -> Response:
    form = Form.read(DetailsForm, submitted)
    if form.value is None:
        shown = account_page(session, present, now=now, details=form)
        return page(request, "accounts/account.html", account=shown, status_code=422)
    actions.change_details(present.user, name=form.value.name, locale=form.value.locale)
    with speaking(form.value.locale):
        flash(request, gettext("Your details are saved."))
    response = RedirectResponse("/account", 303)
    remember_language(request, response, present.user)
    return response


@router.post("/account/password", name="accounts:change_password")
def change_password(
    request: Request,
    present: LiveSignIn,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    form = Form.read(PasswordForm, submitted, beside=request.app.state.breached)
    if form.value is not None:
        _count(request, "5/minute", "sign-in", present.user.email)
    form = form.carried_out(
        session,
        lambda typed: actions.change_password(
            session, present, present=typed.present, password=typed.password, outbox=outbox
        ),
        catching=actions.WrongPresentPassword,
        on="present",
    )
    if form.value is None:
        shown = account_page(session, present, now=outbox.now, password=form)
        return page(request, "accounts/account.html", account=shown, status_code=form.status_code)
    flash(request, gettext("Your password is changed. Other browsers are signed out."))
    return RedirectResponse("/account", 303)


def _sign_in_page(request: Request, form: Form[SignInForm]) -> Response:
    return page(
        request,
        "accounts/sign_in.html",
        form=form,
        providers=request.app.state.settings.sign_in_providers,
        status_code=form.status_code,
    )


def _count(request: Request, limit: str, *key: str) -> None:
    request.app.state.rate_limits.count(limit, *key)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _sign_in_address(request: Request, onward: str) -> str:
    return str(request.url_for("accounts:sign_in").include_query_params(next=onward))
