"""Whoever has seen something already need not get it again: ETag, If-None-Match, 304."""

from collections.abc import Callable, Coroutine
from hashlib import sha256
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from typing_extensions import override

KEPT = frozenset({"etag", "link"})
"""Headers that an answer without a body keeps."""


def fingerprint(content: bytes) -> str:
    """Return what tells these bytes from all others."""
    return sha256(content).hexdigest()[:32]


def is_known(request: Request, tag: str) -> bool:
    """Whether whoever asks names this ETag, or any, as the one they have."""
    seen = [each.strip() for each in request.headers.get("if-none-match", "").split(",")]
    return "*" in seen or _bare(tag) in map(_bare, seen)


def _bare(tag: str) -> str:
    return tag.removeprefix("W/")  # two copies that mean the same are one


class TaggedRoute(APIRoute):
    """A route that reads: its answers carry an ETag, and asked for again unchanged are 304.

    The tag of something with a version begins with it (``"3-…"``), so that it serves If-Match.
    """

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        answer_to = super().get_route_handler()

        async def tagged(request: Request) -> Response:
            answer = await answer_to(request)
            if request.method != "GET" or answer.status_code != 200:
                return answer
            version = answer.headers.get("etag", "").strip('"')
            mark = fingerprint(bytes(answer.body))
            tag = f'W/"{version}-{mark}"' if version else f'W/"{mark}"'
            answer.headers["ETag"] = tag
            if not is_known(request, tag):
                return answer
            kept = {name: value for name, value in answer.headers.items() if name in KEPT}
            return Response(status_code=304, headers=kept)

        return tagged
