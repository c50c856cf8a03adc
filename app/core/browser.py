"""What every answer to a browser carries: language, security headers, cache rules."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.i18n import LOCALES, choose_locale, speaking

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
            cookie=request.cookies.get("lang"),
            accept=request.headers.get("accept-language", ""),
        )

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
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
        headers.setdefault("Cache-Control", "private, no-cache")
        headers["Content-Language"] = locale
        headers["Vary"] = "Accept-Language, Cookie"

    def _language_cookie(self, locale: str) -> str:
        secure = "; Secure" if self.secure else ""
        return f"lang={locale}; Path=/; Max-Age={YEAR}; SameSite=Lax{secure}"
