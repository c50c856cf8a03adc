"""Signing in and out, passwords, and a person's own details."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.accounts import actions
from app.accounts.access import CurrentSignIn, LiveSignIn, Viewer
from app.accounts.access.links import ResettingUser
from app.accounts.access.required_factor import before_second_factor
from app.accounts.actions import Browser
from app.accounts.actions.providers import Elsewhere, check_way
from app.accounts.forms import (
    DetailsForm,
    ForgottenForm,
    PasswordForm,
    ResetForm,
    SignInForm,
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
from app.accounts.routes.strangers import (
    MAILS_FROM,
    SentForm,
    count_password,
    forget_passwords,
)
from app.core.clock import Now
from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext, speaking
from app.core.links import own_path
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.savepoints import all_or_nothing

router = APIRouter()


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
    count_password(request, form.value.email)
    onward = own_path(form.value.next)
    email, password = form.value.email, form.value.password
    try:
        with all_or_nothing(session):
            check_way(email, request.app.state.settings.sign_in_providers)
            user = actions.authenticate(session, email=email, password=password)
    except (actions.WrongPassword, Elsewhere) as refusal:
        refused_sign_in(request, "password")
        return _sign_in_page(request, form.refused(refusal))
    forget_passwords(request, user.email)
    if user.email_confirmed_at is None:
        _count(request, "3/hour", "sign-up", user.email)
        actions.send_confirmation(user, onward=onward, outbox=outbox)
        return page(request, "accounts/unconfirmed.html", user=user, status_code=403)
    if needs_code(session, user):
        return half_signed_in(request, user, onward)
    browser = Browser(request.headers.get("user-agent", ""), present)
    token = actions.start_session(session, user, browser, at=outbox.now)
    return signed_in(request, user, token, onward, by="password")


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
    sent.count(MAILS_FROM, "reset from", sent.address)
    form = Form.read(ForgottenForm, sent.submitted)
    if form.value is None:
        return sent.again("forgotten", form)
    email = form.value.email
    sent.count("3/hour", "reset", email)
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
