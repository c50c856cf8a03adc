"""Refuse addresses that no browser and no program of good will sends."""

import re

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.i18n import N_, gettext

_NUL = re.compile(rb"\x00|%00")
WORDS = N_("The address is not written correctly.")


class Sanity:
    """No address has a null byte, which PostgreSQL takes for no text; forms lose theirs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (
            "\x00" in scope["path"] or _NUL.search(scope["query_string"])
        ):
            await PlainTextResponse(gettext(WORDS), 400)(scope, receive, send)
            return
        await self.app(scope, receive, send)
