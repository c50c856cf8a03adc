"""Where a provider says that it signed somebody out (back-channel logout)."""

import logging
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.accounts.access.providers import Provider
from app.accounts.actions.provider_sign_out import Spent, follow
from app.core.clock import Now
from app.core.database import own_transaction
from app.core.forms import SubmittedForm
from app.core.openid import OpenIdClient, ProviderAway, ProviderRefused
from app.core.turns import Turn

router = APIRouter()
logger = logging.getLogger(__name__)

NOTICES_FROM = "300/minute"
"""From one address of the net: a provider sends one for each person, maybe a whole shift's."""


@router.post("/sign-in/ended/{provider_key}", name="accounts:follow_provider")
def follow_provider(
    request: Request, provider: Provider, submitted: SubmittedForm, _turn: Turn, now: Now
) -> Response:
    """End the sessions of whom the provider signed out.

    The provider has no account here: what it sends is signed with its key, and nothing else counts.
    """
    address = request.client.host if request.client else ""
    request.app.state.rate_limits.count(NOTICES_FROM, "provider notices from", address)
    token = submitted.get("logout_token")
    try:
        ended = _followed(request, provider, token if isinstance(token, str) else "", now)
    except ProviderAway as error:
        return _refused(provider.provider.key, f"away: {error}", status=503)
    except (ProviderRefused, Spent) as error:
        return _refused(provider.provider.key, str(error) or "used before")
    logger.info("signed out by provider", extra={"provider": provider.provider.key, "ended": ended})
    return _answer({}, 200)


def _followed(request: Request, provider: OpenIdClient, token: str, now: datetime) -> int:
    # The provider may be asked for its keys, outside of any transaction; a refusal undoes ours.
    said = provider.signed_out(token)
    with own_transaction(request) as session:
        return follow(session, provider.provider, said, at=now)


def _refused(key: str, why: str, *, status: int = 400) -> Response:
    logger.warning("sign-out by provider refused", extra={"provider": key, "why": why})
    code = "invalid_request" if status == 400 else "temporarily_unavailable"
    return _answer({"error": code}, status)


def _answer(body: dict[str, str], status: int) -> Response:
    return JSONResponse(body, status, headers={"Cache-Control": "no-store"})
