"""Providers of sign-ins, and the way of one browser to them."""

from typing import Annotated

from fastapi import Depends, Path, Request

from app.accounts.access import cookie_name
from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.openid import OpenIdClient
from app.core.settings import Settings


def visit_cookie_name(settings: Settings) -> str:
    """Return the name of the cookie that binds a way to a provider to one browser."""
    return f"{cookie_name(settings)}-visit"


async def get_provider(
    request: Request, provider_key: Annotated[str, Path(max_length=40)]
) -> OpenIdClient:
    """Return a provider of sign-ins.

    :raises NotFound: when the operator named none of this key
    """
    found: OpenIdClient | None = request.app.state.sign_in_providers.get(provider_key)
    if found is None:
        raise NotFound(N_("There is no such sign-in here."))
    return found


Provider = Annotated[OpenIdClient, Depends(get_provider)]
