"""Who may look into the installation: whoever sits at it, and monitoring with its token."""

from typing import Annotated

from fastapi import Depends, Request

from app.core.errors import NotFound
from app.core.i18n import N_
from app.operations.policy import may_look

FORWARDING = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via")


async def is_insider(request: Request) -> bool:
    """Whether figures may be shown."""
    token = request.app.state.settings.metrics_token
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    return may_look(
        peer=request.client.host if request.client else "",
        host=request.url.hostname or "",
        is_forwarded=any(name in request.headers for name in FORWARDING),
        shown=shown.strip() if scheme.casefold() == "bearer" else None,
        token=token.get_secret_value() if token else None,
    )


Insider = Annotated[bool, Depends(is_insider)]


async def get_insider(insider: Insider) -> None:
    """Let nobody else in.

    :raises NotFound: for everybody else
    """
    if not insider:
        raise NotFound(N_("There is no page at this address."))


OnlyInsiders = Depends(get_insider)
