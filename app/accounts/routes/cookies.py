"""What a browser keeps: the token of a session, and the language."""

import logging
from dataclasses import asdict

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.accounts import queries
from app.accounts.access import cookie_name
from app.accounts.access.links import half_cookie_name
from app.accounts.actions import NO_PROVIDER, Way
from app.accounts.models import User
from app.accounts.policy import SECOND_STEP, SECOND_STEP_SECONDS, SESSION_LIFETIME
from app.core import passwords
from app.core.browser import YEAR, language_cookie
from app.core.database import DbSession
from app.core.settings import Settings

logger = logging.getLogger(__name__)

SECOND_STEP_PATH = "/sign-in/second"


def signed_in(request: Request, user: User, token: str, onward: str, *, by: str) -> Response:
    """Lead on, with the token of a new session in the browser.

    :param by: how they proved who they are, for the log
    """
    response = RedirectResponse(onward, 303)
    settings: Settings = request.app.state.settings
    lifetime = int(SESSION_LIFETIME.total_seconds())
    _keep(response, settings, cookie_name(settings), token, seconds=lifetime)
    remember_language(request, response, user)
    logger.info("signed in", extra={"user_id": user.id, "by": by})
    return response


def needs_code(session: DbSession, user: User) -> bool:
    """Whether the person has to show a second factor, too."""
    return queries.has_second_factor(session, user)


def half_signed_in(
    request: Request, user: User, onward: str, *, way: Way = NO_PROVIDER
) -> Response:
    """Lead to where the code is asked for."""
    fingerprint = passwords.fingerprint(user.password_hash)
    half = {"user_id": user.id, "password": fingerprint, "next": onward, "way": asdict(way)}
    response = RedirectResponse(SECOND_STEP_PATH, 303)
    settings: Settings = request.app.state.settings
    token = request.app.state.tokens.make(SECOND_STEP, half)
    _keep(response, settings, half_cookie_name(settings), token, seconds=SECOND_STEP_SECONDS)
    return response


def forget_half(request: Request, response: Response) -> None:
    """Take away what the browser kept until the code was right."""
    settings: Settings = request.app.state.settings
    _take_away(response, settings, half_cookie_name(settings))


def refused_sign_in(request: Request, why: str, user: User | None = None) -> None:
    """Count and log a sign-in that was refused; who they said they are stays out of the log."""
    request.app.state.metrics.saw_refused_sign_in(why)
    logger.warning("sign-in refused", extra={"why": why, "user_id": user.id if user else None})


def signed_out(request: Request) -> Response:
    """Lead to the start page, without a token in the browser."""
    settings: Settings = request.app.state.settings
    response = RedirectResponse("/", 303)
    _take_away(response, settings, cookie_name(settings))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def remember_language(request: Request, response: Response, user: User) -> None:
    """Let pages speak the person's language also after they signed out."""
    settings: Settings = request.app.state.settings
    name = language_cookie(secure=settings.secure_cookies)
    _keep(response, settings, name, user.locale, seconds=YEAR)


def _keep(response: Response, settings: Settings, name: str, value: str, *, seconds: int) -> None:
    """Have the browser keep something, out of reach for scripts and other sites."""
    secure = settings.secure_cookies
    response.set_cookie(name, value, max_age=seconds, secure=secure, httponly=True, samesite="lax")


def _take_away(response: Response, settings: Settings, name: str) -> None:
    secure = settings.secure_cookies
    response.delete_cookie(name, secure=secure, httponly=True, samesite="lax")
