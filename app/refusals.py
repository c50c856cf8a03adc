"""What is said when something is refused or breaks: a page to people, a problem to programs."""

import logging

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from app.core import problems
from app.core.database import SAFE_METHODS
from app.core.errors import (
    DomainError,
    NotFound,
    ProofRequired,
    SecondFactorRequired,
    SignInRequired,
    Stale,
)
from app.core.i18n import N_, gettext
from app.core.json_api import API
from app.core.rendering import page
from app.core.trouble import NO_ROOM, trouble_of
from app.home.pages.frame import navigation_for
from app.organisations.policy import Actor

logger = logging.getLogger(__name__)

DOORS: dict[type[Exception], str] = {
    SignInRequired: "accounts:sign_in",
    ProofRequired: "accounts:prove",
    SecondFactorRequired: "accounts:second_factor",
}
"""Where people are led who lack something that they can get."""


def is_for_programs(request: Request) -> bool:
    """Whether whoever asks reads JSON, not pages."""
    return request.url.path.startswith(f"{API}/")


def show_refusal(request: Request, error: Exception) -> Response:
    """Answer a refused request with a page that says why and what to do."""
    assert isinstance(error, DomainError)  # noqa: S101 -- narrows Starlette's type
    if is_for_programs(request):
        return problems.of_refusal(error)
    if (door := DOORS.get(type(error))) and request.method in SAFE_METHODS:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        # The path alone: the host of a request is what whoever sent it says.
        path = URL(request.app.url_path_for(door)).include_query_params(next=here)
        return RedirectResponse(str(path), 303)
    latest = getattr(error, "latest", None)  # of a refused move or a change that came too late
    return page(
        request, "errors/refusal.html", status_code=error.status_code, error=error, latest=latest
    )


def show_stale(request: Request, _error: Exception) -> Response:
    """Answer a request whose row somebody else changed between its reading and its writing."""
    return show_refusal(request, Stale(N_("Somebody else changed this meanwhile.")))


def show_http_error(request: Request, error: Exception) -> Response:
    """Answer an unknown address, a wrong method or an unreadable body."""
    assert isinstance(error, HTTPException)  # noqa: S101 -- narrows Starlette's type
    if is_for_programs(request):
        return problems.of_http_error(error)
    if error.status_code == 404:
        return show_refusal(request, NotFound(N_("There is no page at this address.")))
    return page(request, "errors/unreadable.html", status_code=error.status_code)


def show_unreadable(request: Request, error: Exception) -> Response:
    """Answer an address or a form that no browser of ours makes."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- narrows Starlette's type
    if is_for_programs(request):
        return problems.of_unreadable(request, error)
    if any(problem["loc"][0] == "path" for problem in error.errors()):
        return show_refusal(request, NotFound(N_("There is no page at this address.")))
    return page(request, "errors/unreadable.html", status_code=422)


def show_foreign(request: Request) -> Response:
    """Answer a request that another site started with somebody's cookie."""
    words = gettext("This was sent from another site. Send it from ours, or with a token.")
    if is_for_programs(request):
        return problems.problem(403, words)
    return PlainTextResponse(words, 403)


def show_trouble(request: Request, error: Exception) -> Response:
    """Answer while the disk is full or the database away; other errors of it are faults of ours.

    :raises DBAPIError: again, if it is one
    """
    assert isinstance(error, DBAPIError)  # noqa: S101 -- narrows Starlette's type
    status = trouble_of(error)
    if status is None:
        raise error
    logger.error("the database cannot work", exc_info=error)
    is_unsure = getattr(request.state, "is_unsure", False)
    if is_for_programs(request):
        return problems.trouble(status, is_unsure=is_unsure)
    answer = page(
        request,
        "errors/trouble.html",
        status_code=status,
        is_full=status == NO_ROOM,
        is_unsure=is_unsure,
        navigation=navigation_for(Actor()),  # looking up whose it is would need the database
    )
    answer.headers["Retry-After"] = problems.RETRY_SECONDS
    return answer


def show_fault(request: Request) -> Response:
    """Answer a fault of ours; the log has the details."""
    if is_for_programs(request):
        return problems.fault()
    return page(request, "errors/fault.html", status_code=500)
