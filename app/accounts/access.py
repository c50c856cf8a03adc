"""Who is asking."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.accounts import actions, queries
from app.accounts.models import SignInSession, User
from app.accounts.policy import (
    CONFIRMING,
    CONFIRMING_SECONDS,
    IDLE_LIMIT,
    RESETTING,
    RESETTING_SECONDS,
    SEEN_INTERVAL,
    hash_token,
)
from app.core import passwords
from app.core.clock import Now
from app.core.database import DbSession, is_writing
from app.core.errors import LinkExpired, SignInRequired
from app.core.i18n import N_
from app.core.settings import Settings


def cookie_name(settings: Settings) -> str:
    """Return the cookie's name; the prefix makes browsers refuse it from other hosts."""
    return "__Host-quaylink" if settings.secure_cookies else "quaylink"


def session_of(request: Request, session: Session, now: datetime) -> SignInSession | None:
    """Return the sign-in session behind the request's cookie, if it is live and not idle."""
    token = request.cookies.get(cookie_name(request.app.state.settings), "")
    found = queries.live_session(session, hash_token(token), now=now) if token else None
    if found is None or found.last_seen_at + IDLE_LIMIT < now:
        return None
    return found


def get_sign_in(request: Request, session: DbSession, now: Now) -> SignInSession | None:
    """Return the live sign-in session of this browser, if there is one."""
    sign_in = session_of(request, session, now)
    if sign_in is not None and sign_in.last_seen_at + SEEN_INTERVAL < now:
        _keep_alive(request, session, sign_in, now)
    return sign_in


def _keep_alive(request: Request, session: Session, sign_in: SignInSession, now: datetime) -> None:
    if is_writing(session):
        actions.mark_seen(session, sign_in, at=now)
        return
    # A page only reads; six times an hour it notes in a transaction of its own that it was read.
    with request.app.state.session_factory() as own, own.begin():
        actions.mark_seen(own, sign_in, at=now)


CurrentSignIn = Annotated[SignInSession | None, Depends(get_sign_in)]


def get_viewer(request: Request, sign_in: CurrentSignIn) -> User | None:
    """Return the person who is signed in, or None."""
    viewer = sign_in.user if sign_in else None
    request.state.viewer = viewer
    return viewer


Viewer = Annotated[User | None, Depends(get_viewer)]


def get_current_user(viewer: Viewer) -> User:
    """Return the person who is signed in.

    :raises SignInRequired: if nobody is
    """
    if viewer is None:
        raise SignInRequired(N_("Please sign in first."))
    return viewer


CurrentUser = Annotated[User, Depends(get_current_user)]


def get_live_sign_in(_user: CurrentUser, sign_in: CurrentSignIn) -> SignInSession:
    """Return the session of this browser, with its person.

    :raises SignInRequired: if nobody is signed in
    """
    assert sign_in is not None  # noqa: S101 -- there is a user, so there is a session
    return sign_in


LiveSignIn = Annotated[SignInSession, Depends(get_live_sign_in)]


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


def get_onward(request: Request, token: str) -> str:
    """Return where the person was going when they signed up, or an empty string."""
    return str(_payload(request, CONFIRMING, token, CONFIRMING_SECONDS)["next"])


def _payload(request: Request, purpose: str, token: str, seconds: int) -> dict[str, Any]:
    payload: dict[str, Any] | None = request.app.state.tokens.read(purpose, token, max_age=seconds)
    if payload is None:
        raise LinkExpired(LINK_EXPIRED)
    return payload


def _user_of_link(payload: dict[str, Any], session: Session) -> User:
    user = queries.user_by_id(session, payload["user_id"])
    if user is None or passwords.fingerprint(user.password_hash) != payload["password"]:
        raise LinkExpired(LINK_EXPIRED)
    return user


LINK_EXPIRED = N_("This link has expired or was used already. Ask for a new one.")
ConfirmingUser = Annotated[User, Depends(get_confirming_user)]
ResettingUser = Annotated[User, Depends(get_resetting_user)]
Onward = Annotated[str, Depends(get_onward)]
