"""The second factor: asked for at the sign-in and before delicate acts, set up and turned off."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.accounts import actions, queries
from app.accounts.access import CurrentSignIn, FreshSignIn, LiveSignIn, Viewer
from app.accounts.access.links import HalfOnward, HalfSignedIn, HalfWay
from app.accounts.access.required_factor import asks_second_factor, before_second_factor
from app.accounts.actions import Browser, second_factor
from app.accounts.actions.second_factor import Proof
from app.accounts.forms import CodeForm, ProofForm
from app.accounts.models import User
from app.accounts.pages import second_factor_page
from app.accounts.routes.cookies import (
    SECOND_STEP_PATH,
    forget_half,
    refused_sign_in,
    signed_in,
)
from app.core.clock import Now
from app.core.database import DbSession
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.links import own_path
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.sign_in_providers import SignInProvider

router = APIRouter()

PATH = "/account/second-factor"
CODES_A_MINUTE, CODES_A_DAY = "5/minute", "30/day"
"""Of a million codes three are right at a time: thirty a day find one in thirty years."""


@router.get(SECOND_STEP_PATH, name="accounts:second_step")
@before_second_factor
def second_step(request: Request, _viewer: Viewer, _user: HalfSignedIn) -> Response:
    return page(request, "accounts/second_step.html", form=Form())


@router.post(SECOND_STEP_PATH, name="accounts:submit_second_step")
@before_second_factor
def submit_second_step(  # noqa: PLR0913, PLR0917 -- FastAPI's dependencies
    request: Request,
    user: HalfSignedIn,
    onward: HalfOnward,
    way: HalfWay,
    present: CurrentSignIn,
    _viewer: Viewer,
    session: DbSession,
    submitted: SubmittedForm,
    now: Now,
) -> Response:
    form = Form.read(CodeForm, submitted)
    if form.value is not None:
        _count(request, user)
    form = form.carried_out(
        session,
        lambda typed: second_factor.check(
            session, user, code=typed.code, seals=request.app.state.seals, at=now
        ),
        catching=second_factor.WrongCode,
    )
    if form.value is None:
        if form.refusal is not None:
            refused_sign_in(request, "code", user)
        return page(request, "accounts/second_step.html", form=form, status_code=form.status_code)
    _forget_counts(request, user)
    agent = request.headers.get("user-agent", "")
    token = actions.start_session(session, user, Browser(agent, present, way), at=now)
    first = "provider" if way.provider else "password"
    response = signed_in(request, user, token, onward, by=f"{first} and code")
    forget_half(request, response)
    return response


@router.get("/account/prove", name="accounts:prove")
@before_second_factor
def prove(request: Request, present: LiveSignIn, session: DbSession) -> Response:
    raw = {"next": own_path(request.query_params.get("next", ""), "/account")}
    return _proof_page(request, session, present.user, Form(raw=raw))


@router.post("/account/prove", name="accounts:submit_prove")
@before_second_factor
def submit_prove(
    request: Request, present: LiveSignIn, session: DbSession, submitted: SubmittedForm, now: Now
) -> Response:
    form = Form.read(ProofForm, submitted)
    if form.value is not None:
        request.app.state.rate_limits.count("5/minute", "sign-in", present.user.email)
        if queries.has_second_factor(session, present.user):
            _count(request, present.user)
    tokens: list[str] = []
    form = form.carried_out(
        session,
        lambda typed: tokens.append(
            second_factor.prove(
                session,
                present,
                Proof(typed.present, typed.code),
                seals=request.app.state.seals,
                at=now,
            )
        ),
        catching=(actions.WrongPresentPassword, second_factor.WrongCode),
    )
    if form.value is None:
        return _proof_page(request, session, present.user, form)
    _forget_counts(request, present.user)
    onward = own_path(form.value.next, "/account")
    return signed_in(request, present.user, tokens[0], onward, by="proof")


@router.get(PATH, name="accounts:second_factor")
@before_second_factor
def show(request: Request, present: FreshSignIn, session: DbSession) -> Response:
    return _page(request, session, present.user)


@router.post(PATH, name="accounts:begin_second_factor")
@before_second_factor
def begin(request: Request, present: FreshSignIn, session: DbSession, now: Now) -> Response:
    second_factor.begin(session, present.user, seals=request.app.state.seals, at=now)
    return RedirectResponse(PATH, 303)


@router.post(f"{PATH}/confirm", name="accounts:confirm_second_factor")
@before_second_factor
def confirm(
    request: Request,
    present: FreshSignIn,
    session: DbSession,
    submitted: SubmittedForm,
    outbox: RequestOutbox,
) -> Response:
    codes: list[str] = []
    form = Form.read(CodeForm, submitted)
    if form.value is not None:
        _count(request, present.user)
    form = form.carried_out(
        session,
        lambda typed: codes.extend(
            second_factor.confirm(
                session,
                present.user,
                code=typed.code,
                seals=request.app.state.seals,
                outbox=outbox,
            )
        ),
        catching=second_factor.WrongCode,
    )
    return _page(request, session, present.user, form=form, codes=codes)


@router.post(f"{PATH}/codes", name="accounts:renew_recovery_codes")
def renew_codes(request: Request, present: FreshSignIn, session: DbSession) -> Response:
    is_on = queries.has_second_factor(session, present.user)
    codes = second_factor.renew_codes(session, present.user) if is_on else []
    return _page(request, session, present.user, codes=codes)


@router.post(f"{PATH}/off", name="accounts:turn_second_factor_off")
def turn_off(
    request: Request, present: FreshSignIn, session: DbSession, outbox: RequestOutbox
) -> Response:
    second_factor.turn_off(session, present.user, outbox=outbox)
    flash(request, gettext("Your second factor is off."))
    return RedirectResponse(PATH, 303)


def _page(
    request: Request,
    session: DbSession,
    user: User,
    *,
    form: Form[CodeForm] | None = None,
    codes: Sequence[str] = (),
) -> Response:
    session.flush()
    shown = second_factor_page(session, user, seals=request.app.state.seals, form=form, codes=codes)
    answer = page(
        request,
        "accounts/second_factor.html",
        shown=shown,
        is_asked_for=asks_second_factor(request, user),
        status_code=form.status_code if form else 200,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _proof_page(
    request: Request, session: DbSession, user: User, form: Form[ProofForm]
) -> Response:
    return page(
        request,
        "accounts/prove.html",
        form=form,
        has_second_factor=queries.has_second_factor(session, user),
        providers=_providers_of(request, session, user),
        status_code=form.status_code,
    )


def _providers_of(request: Request, session: DbSession, user: User) -> list[SignInProvider]:
    known = queries.issuers_of(session, user)
    offered = request.app.state.settings.sign_in_providers
    return [provider for provider in offered if provider.issuer in known]


def _count(request: Request, user: User) -> None:
    for limit in (CODES_A_MINUTE, CODES_A_DAY):
        request.app.state.rate_limits.count(limit, "code", user.email)


def _forget_counts(request: Request, user: User) -> None:
    for limit in (CODES_A_MINUTE, CODES_A_DAY):
        request.app.state.rate_limits.forget(limit, "code", user.email)
