"""Who follows a signed link, and who is between password and code."""

from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.accounts import actions, queries
from app.accounts.access import cookie_name
from app.accounts.models import User
from app.accounts.policy import (
    CONFIRMING,
    CONFIRMING_SECONDS,
    NEW_ADDRESS,
    NEW_ADDRESS_SECONDS,
    RESETTING,
    RESETTING_SECONDS,
    SECOND_STEP,
    SECOND_STEP_SECONDS,
)
from app.core import passwords
from app.core.database import DbSession
from app.core.errors import LinkExpired
from app.core.i18n import N_
from app.core.settings import Settings


def half_cookie_name(settings: Settings) -> str:
    """Return the name of the cookie between password and code; no address carries that key."""
    return f"{cookie_name(settings)}-half"


def get_confirming_user(request: Request, token: str, session: DbSession) -> User:
    """Return the person whom a confirmation link was sent to.

    :raises LinkExpired: when it is forged, older than three days or for an earlier password
    """
    return _user_of_link(_payload(request, CONFIRMING, token, CONFIRMING_SECONDS), session)


def get_resetting_user(request: Request, token: str, session: DbSession) -> User:
    """Return the person whom a link for a new password was sent to.

    :raises LinkExpired: when it is forged, older than an hour or used
    """
    return _user_of_link(_payload(request, RESETTING, token, RESETTING_SECONDS), session)


async def get_half(request: Request) -> dict[str, Any]:
    """Return what is known since a password was right, a moment ago.

    :raises LinkExpired: when there is nothing, or it is forged or older than five minutes
    """
    token = request.cookies.get(half_cookie_name(request.app.state.settings), "")
    return _payload(request, SECOND_STEP, token, SECOND_STEP_SECONDS, words=TOO_SLOW)


Half = Annotated[dict[str, Any], Depends(get_half)]


def get_half_signed_in(half: Half, session: DbSession) -> User:
    """Return the person whose password was right, and whose code is awaited.

    :raises LinkExpired: when it is another password by now
    """
    return _user_of_link(half, session)


async def get_half_onward(half: Half) -> str:
    """Return where that person was going."""
    return str(half["next"])


async def get_half_way(half: Half) -> actions.Way:
    """Return the provider they came through, if they did."""
    return actions.Way(**half.get("way", {}))


def get_moving_user(request: Request, token: str, session: DbSession) -> User:
    """Return the person who wants the address that a link was sent to.

    :raises LinkExpired: when it is forged, older than a day, or they have another address by now
    """
    payload = _payload(request, NEW_ADDRESS, token, NEW_ADDRESS_SECONDS)
    user = _user_of_link(payload, session)
    if user.email != payload["old"]:
        raise LinkExpired(LINK_EXPIRED)
    return user


async def get_new_address(request: Request, token: str) -> str:
    """Return the address that the link was sent to."""
    return str(_payload(request, NEW_ADDRESS, token, NEW_ADDRESS_SECONDS)["new"])


async def get_onward(request: Request, token: str) -> str:
    """Return where the person was going when they signed up, or an empty string."""
    return str(_payload(request, CONFIRMING, token, CONFIRMING_SECONDS)["next"])


LINK_EXPIRED = N_("This link has expired or was used already. Ask for a new one.")
TOO_SLOW = N_("The code has to follow the password within five minutes. Sign in again.")


def _payload(
    request: Request, purpose: str, token: str, seconds: int, *, words: str = LINK_EXPIRED
) -> dict[str, Any]:
    payload: dict[str, Any] | None = request.app.state.tokens.read(purpose, token, max_age=seconds)
    if payload is None:
        raise LinkExpired(words)
    return payload


def _user_of_link(payload: dict[str, Any], session: Session) -> User:
    user = queries.user_by_id(session, payload["user_id"])
    if user is None or passwords.fingerprint(user.password_hash) != payload["password"]:
        raise LinkExpired(LINK_EXPIRED)
    return user


ConfirmingUser = Annotated[User, Depends(get_confirming_user)]
ResettingUser = Annotated[User, Depends(get_resetting_user)]
Onward = Annotated[str, Depends(get_onward)]
HalfSignedIn = Annotated[User, Depends(get_half_signed_in)]
HalfOnward = Annotated[str, Depends(get_half_onward)]
HalfWay = Annotated[actions.Way, Depends(get_half_way)]
MovingUser = Annotated[User, Depends(get_moving_user)]
NewAddress = Annotated[str, Depends(get_new_address)]
