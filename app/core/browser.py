"""What every answer to a browser carries: language, security headers, cache rules."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.i18n import LOCALES, choose_locale, speaking
from app.core.links import own_path

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
YEAR = 31_536_000
TO_BE_ASKED_FOR = "private, no-cache"
"""Kept by one browser, which asks each time whether it is still so."""
NOT_KEPT = "private, no-store"


def language_cookie(*, secure: bool) -> str:
    """Return the name of the cookie that remembers the language; as for that of a session."""
    return "__Host-lang" if secure else "lang"


def caching(scope: Scope) -> str:
    """Return what a browser may keep of an answer that says nothing about it itself.

    Nothing, where somebody is signed in. Programs, which show a token, compare instead what they
    kept (ETag).
    """
    is_known = scope.get("state", {}).get("viewer_id") is not None
    is_program = any(name == b"authorization" for name, _ in scope["headers"])
    return NOT_KEPT if is_known and not is_program else TO_BE_ASKED_FOR


def _without_host(address: str, request: Request) -> str:
    """Return an address of ours as a path: which host we are is only what the request says."""
    host = f"{request.url.scheme}://{request.url.netloc}"
    return own_path(address.removeprefix(host), "/") if address.startswith(f"{host}/") else address


class BrowserHeaders:
    """Choose the language of the request and complete the headers of the answer."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        chosen = request.query_params.get("lang")
        locale = choose_locale(
            query=chosen,
            cookie=request.cookies.get(language_cookie(secure=self.secure)),
            accept=request.headers.get("accept-language", ""),
        )

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Cache-Control", caching(scope))
                if "Location" in headers:
                    headers["Location"] = _without_host(headers["Location"], request)
                self._complete(headers, path=request.url.path, locale=locale)
                if chosen in LOCALES:
                    headers.append("Set-Cookie", self._language_cookie(locale))
            await send(message)

        with speaking(locale):
            await self.app(scope, receive, complete)

    def _complete(self, headers: MutableHeaders, *, path: str, locale: str) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self.secure:
            headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
        if path.startswith("/static/"):
            headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
            return
        headers["Content-Language"] = locale
        headers["Vary"] = "Accept-Language, Cookie"

    def _language_cookie(self, locale: str) -> str:
        name, secure = language_cookie(secure=self.secure), "; Secure" if self.secure else ""
        return f"{name}={locale}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax{secure}"
