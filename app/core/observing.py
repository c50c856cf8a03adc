"""Give every request a name, and note what became of it: one line in the log, one count."""

import logging
import re
from secrets import token_hex
from time import perf_counter
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.effort import Effort, measured
from app.core.metrics import OTHER, Metrics

logger = logging.getLogger(__name__)

REQUEST_ID = "X-Request-ID"
_ACCEPTED = re.compile(r"[\w-]{8,64}", re.ASCII)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNSPOKEN = ("/healthz", "/readyz", "/metrics", "/static")
"""Asked every few seconds, and of no interest while all is well."""


class Observing:
    """Outside of everything else.

    The log names routes by their template and rows by their ids. Addresses as they were sent stay
    out of it, since some hold a key; so do queries, bodies and headers.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope).get(REQUEST_ID, ""))
        # Not unbound at the end: what the server says about a fault belongs to the request, too.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        scope.setdefault("state", {})
        status, begun = 500, perf_counter()

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        with measured() as effort:
            try:
                await self.app(scope, receive, note)
            finally:
                self._tell(scope, status, perf_counter() - begun, effort)

    def _tell(self, scope: Scope, status: int, seconds: float, effort: Effort) -> None:
        method = scope["method"] if scope["method"] in METHODS else OTHER
        route = route_of(scope)
        self.metrics.saw_request(method, route, status, seconds)
        if status < 400 and route in UNSPOKEN:
            return
        facts: dict[str, Any] = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "db_ms": round(effort.seconds * 1000, 1),
            "n_sql": effort.statements,
            "user_id": scope["state"].get("viewer_id"),
            "ids": _ids(scope),
        }
        level = logging.ERROR if status >= 500 else logging.INFO
        logger.log(level, "request", extra=facts)


def route_of(scope: Scope) -> str:
    """Return the template of the route that answered; what no route took is all one."""
    template = getattr(scope.get("route"), "path", None)
    if template is None and scope["path"].startswith("/static/"):
        return "/static"
    return str(template or OTHER)


def _request_id(offered: str) -> str:
    return offered if _ACCEPTED.fullmatch(offered) else token_hex(8)


def _ids(scope: Scope) -> dict[str, str]:
    given = scope.get("path_params") or {}
    return {name: str(value) for name, value in given.items() if str(value).isdecimal()}
