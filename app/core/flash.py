"""One-time notices that survive a redirect, kept in a signed cookie."""

from starlette.requests import Request

_KEY = "notices"


def flash(request: Request, text: str) -> None:
    """Show this (translated) text at the top of the next page."""
    request.session.setdefault(_KEY, []).append(text)


def pop_notices(request: Request) -> list[str]:
    """Return the waiting notices and forget them."""
    notices: list[str] = request.session.pop(_KEY, [])
    return notices
