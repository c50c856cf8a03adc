"""Who is asking."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import SignInSession, User
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import SignInRequired
from app.core.i18n import N_
from app.core.settings import Settings

IDLE_LIMIT = timedelta(hours=12)


def cookie_name(settings: Settings) -> str:
    """Return the cookie's name; the prefix makes browsers refuse it from other hosts."""
    return "__Host-quaylink" if settings.secure_cookies else "quaylink"


def hash_token(token: str) -> str:
    """Return what is stored of a token: enough to find it, useless to a thief."""
    return sha256(token.encode()).hexdigest()


def session_of(request: Request, session: Session, now: datetime) -> SignInSession | None:
    """Return the sign-in session behind the request's cookie, if it is live and not idle."""
    token = request.cookies.get(cookie_name(request.app.state.settings), "")
    found = queries.live_session(session, hash_token(token), now=now) if token else None
    if found is None or found.last_seen_at + IDLE_LIMIT < now:
        return None
    return found


def get_sign_in(request: Request, session: DbSession, now: Now) -> SignInSession | None:
    """Return the live sign-in session of this browser, if there is one."""
    return session_of(request, session, now)


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
