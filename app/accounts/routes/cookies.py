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

logger = logging.getLogger(__name__)

SECOND_STEP_PATH = "/sign-in/second"


def signed_in(request: Request, user: User, token: str, onward: str, *, by: str) -> Response:
    """Lead on, with the token of a new session in the browser.

    :param by: how they proved who they are, for the log
    """
    settings = request.app.state.settings
    response = RedirectResponse(onward, 303)
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
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
    settings = request.app.state.settings
    response.set_cookie(
        half_cookie_name(settings),
        request.app.state.tokens.make(SECOND_STEP, half),
        max_age=SECOND_STEP_SECONDS,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response


def forget_half(request: Request, response: Response) -> None:
    """Take away what the browser kept until the code was right."""
    settings = request.app.state.settings
    response.delete_cookie(
        half_cookie_name(settings), secure=settings.secure_cookies, httponly=True, samesite="lax"
    )


def refused_sign_in(request: Request, why: str, user: User | None = None) -> None:
    """Count and log a sign-in that was refused; who they said they are stays out of the log."""
    request.app.state.metrics.saw_refused_sign_in(why)
    logger.warning("sign-in refused", extra={"why": why, "user_id": user.id if user else None})


def signed_out(request: Request) -> Response:
    """Lead to the start page, without a token in the browser."""
    settings = request.app.state.settings
    response = RedirectResponse("/", 303)
    response.delete_cookie(
        cookie_name(settings), secure=settings.secure_cookies, httponly=True, samesite="lax"
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def remember_language(request: Request, response: Response, user: User) -> None:
    """Let pages speak the person's language also after they signed out."""
    secure = request.app.state.settings.secure_cookies
    response.set_cookie(
        language_cookie(secure=secure),
        user.locale,
        max_age=YEAR,
        secure=secure,
        httponly=True,
        samesite="lax",
    )
