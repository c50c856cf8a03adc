"""Refusals from below the routes, in the shape that programs expect."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.i18n import gettext
from app.core.problems import KINDS, problem


class PlainRefusals:
    """Turn a bare sentence with which machinery refused a request of the API into a problem.

    The limit on the size of bodies, for one, answers outside of all our handlers.

    :param below: beginning of the paths that programs call
    """

    def __init__(self, app: ASGIApp, *, below: str) -> None:
        self.app = app
        self.below = below

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self.below):
            await self.app(scope, receive, send)
            return
        is_replaced = False

        async def reshape(message: Message) -> None:
            nonlocal is_replaced
            if message["type"] == "http.response.start" and _is_plain_refusal(message):
                is_replaced = True
                status = message["status"]
                _, words = KINDS.get(status, KINDS[400])
                await problem(status, gettext(words))(scope, receive, send)
            elif not is_replaced:
                await send(message)

        await self.app(scope, receive, reshape)


def _is_plain_refusal(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return bool(start["status"] >= 400 and kind.startswith("text/plain"))
