"""How much may arrive with a request, from whom, and where it is kept until it is looked at.

Whoever is not known sends little. Of the others, texts are held in memory and files on the disk:
nobody can fill the memory with what is not looked at yet.
"""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

MAX_UNKNOWN_BYTES = 64_000
"""Signing in and up, asking for a link: all that people do who are not signed in."""
MAX_TEXT_BYTES = 2_000_000
"""Of a body without a file; it is held in memory."""
MAX_FILE_BYTES = 2_000_000
MAX_FORM_BYTES = 10_000_000  # room to say kindly that a file is too large
MAX_FIELDS = 300
_WITH_FILES = "multipart/form-data"

Refuse = Callable[[Request, Exception], Response]


class LittleFromUnknown:
    """Refuse large bodies before anything reads them, unless somebody known sends them.

    A cookie or a token alone says nothing: whether it is a live one is looked up, for large bodies
    only. A body of unknown length counts as a large one.

    :param is_known: whether a person or a program is behind the request; asks the database
    :param refuse: says what was refused in the shape that the caller reads
    :param fail: says so where the database cannot tell
    """

    def __init__(
        self, app: ASGIApp, *, is_known: Callable[[Request], bool], refuse: Refuse, fail: Refuse
    ) -> None:
        self.app = app
        self.is_known = is_known
        self.refuse = refuse
        self.fail = fail

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self._check(Request(scope))
        except HTTPException as refusal:
            await self.refuse(Request(scope), refusal)(scope, receive, send)
        except DBAPIError as trouble:
            await self.fail(Request(scope), trouble)(scope, receive, send)
        else:
            limited = RequestBodyLimitMiddleware(self.app, _most(Headers(scope=scope)))
            await limited(scope, receive, send)

    async def _check(self, request: Request) -> None:
        declared = _declared(request.headers)
        if declared is not None and declared <= MAX_UNKNOWN_BYTES:
            return
        if declared is not None and declared > _most(request.headers):
            raise HTTPException(413)
        async with request.app.state.turns.here():  # it holds a connection for a moment
            is_known = await run_in_threadpool(self.is_known, request)
        if not is_known:
            raise HTTPException(413)


def _declared(headers: Headers) -> int | None:
    """Return how long a body is, None if nobody knows before it has ended."""
    if "transfer-encoding" in headers:
        return None
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() else None


def _most(headers: Headers) -> int:
    return MAX_FORM_BYTES if _has_files(headers) else MAX_TEXT_BYTES


def _has_files(headers: Headers) -> bool:
    return headers.get("content-type", "").startswith(_WITH_FILES)


async def arrive(request: Request) -> AsyncIterator[None]:
    """Wait until all has arrived that is sent with a request, which reads forms out of it later.

    Whoever sends slowly keeps no turn from others by then and, since writers queue, nobody from
    writing. Files lie on the disk until the request ends.
    """
    if _has_files(request.headers):
        async with request.form(**form_limits()):
            yield
    else:
        await request.body()
        yield


def form_limits() -> dict[str, Any]:
    """Return how many fields and files a form may have, and how long each may be."""
    return {"max_fields": MAX_FIELDS, "max_files": 1, "max_part_size": MAX_FILE_BYTES}


Arrived = Annotated[None, Depends(arrive)]
