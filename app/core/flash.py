"""One-time notices that survive a redirect, kept in a signed cookie."""

from itsdangerous import TimestampSigner
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp

from app.core.signed_tokens import HMAC_SHA256

_KEY = "notices"


class Notices(SessionMiddleware):
    """Keeps the cookie, signed as everything else is.

    :param secure: whether it travels over HTTPS only
    """

    def __init__(self, app: ASGIApp, *, key: str, secure: bool) -> None:
        super().__init__(
            app,
            secret_key=key,
            session_cookie="__Host-notices" if secure else "notices",
            same_site="lax",
            https_only=secure,
            max_age=None,
        )
        self.signer = TimestampSigner(key, **HMAC_SHA256)


def flash(request: Request, text: str) -> None:
    """Show this (translated) text at the top of the next page."""
    request.session.setdefault(_KEY, []).append(text)


def pop_notices(request: Request) -> list[str]:
    """Return the waiting notices and forget them."""
    notices: list[str] = request.session.pop(_KEY, [])
    return notices
