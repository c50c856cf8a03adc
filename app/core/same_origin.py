"""Refuse state-changing requests that another site started, before anything reads the body."""

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.database import SAFE_METHODS


class SameOrigin:
    """Fetch Metadata first, then Origin; see the OWASP cheat sheet on request forgery.

    :param refuse: says so in the shape that the caller reads
    :param allowed: full origins that may post although they differ from Host (TLS proxies)
    :param from_anywhere: beginnings of paths that anybody may post to, since the address itself
        carries a signed token; what comes from another site arrives there without its cookies
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        refuse: Callable[[Request], Response],
        allowed: frozenset[str] = frozenset(),
        from_anywhere: tuple[str, ...] = (),
    ) -> None:
        self.app = app
        self.refuse = refuse
        self.allowed = allowed
        self.from_anywhere = from_anywhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        unsafe = scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        if unsafe and not self._is_own(scope):
            if scope["path"].startswith(self.from_anywhere):
                await self.app(_without_cookies(scope), receive, send)
                return
            await self.refuse(Request(scope))(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        headers: dict[bytes, str] = {
            name: value.decode("latin-1") for name, value in scope["headers"]
        }
        origin, site = headers.get(b"origin"), headers.get(b"sec-fetch-site")
        if origin is not None and origin in self.allowed:
            return True
        if site:  # all browsers since 2023; scripts cannot set it
            return site in {"same-origin", "none"}
        if origin:  # older browsers: Origin must name our host
            return origin != "null" and urlsplit(origin).netloc == headers.get(b"host", "")
        return b"cookie" not in headers  # neither header: a caller without a session


def _without_cookies(scope: Scope) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    return {**scope, "headers": headers}
