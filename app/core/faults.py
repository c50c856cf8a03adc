"""Faults of ours: an answer that looks like every other one, and the error for the log."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Faults:
    """Answer with a page when something breaks, then let the error go on to the server's log.

    Starlette's own handler answers outside of all middleware: without our headers and language.
    """

    def __init__(self, app: ASGIApp, *, show: Callable[[Request], Response]) -> None:
        self.app = app
        self.show = show

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, note)
        except Exception:
            if scope["type"] == "http" and not has_begun:
                answer = await run_in_threadpool(self.show, Request(scope))
                await answer(scope, receive, send)
            raise
