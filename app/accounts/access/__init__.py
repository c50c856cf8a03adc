"""Who is asking."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Request
from sqlalchemy.orm import Session

from app.accounts import actions, queries
from app.accounts.access.required_factor import require_second_factor
from app.accounts.actions.tokens import mark_used
from app.accounts.models import PersonalToken, SignInSession, User
from app.accounts.policy import (
    IDLE_LIMIT,
    PROOF_LASTS,
    SEEN_INTERVAL,
    USED_INTERVAL,
    hash_token,
)
from app.core.clock import Now
from app.core.database import DbSession, is_writing
from app.core.errors import Forbidden, NotFound, ProofRequired, SignInRequired
from app.core.i18n import N_
from app.core.json_api import Offer, offer_of
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


def is_known(request: Request) -> bool:
    """Whether somebody is signed in behind the request, or a program shows a token that counts."""
    now = request.app.state.clock()
    with request.app.state.session_factory() as session:
        session.connection(execution_options={"writes": False})
        token = _token_of(request, session, now)
        return token is not None or session_of(request, session, now) is not None


def _sign_in(request: Request, session: Session, now: datetime) -> SignInSession | None:
    """Return the live sign-in session of this browser, if there is one, and note that it lives."""
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


def get_viewer(request: Request, session: DbSession, now: Now) -> User | None:
    """Return the person who is signed in, or for whom a program shows a token, or None.

    Pages know no tokens. Where the API is shown one, it counts alone: a cookie beside it is not
    looked at.

    :raises SignInRequired: for a token that is not ours, has run out or was deleted
    :raises Forbidden: for a token without the scope that the route needs
    :raises SecondFactorRequired: for whoever must have a second factor and has none yet
    """
    sign_in = request.state.sign_in = _sign_in(request, session, now)
    viewer = sign_in.user if sign_in else None
    is_vouched_for = bool(sign_in and sign_in.provider)
    offer = offer_of(request.scope.get("endpoint"))
    if offer is not None and (caller := _caller(request, session, now, offer)) is not None:
        viewer, is_vouched_for = caller, False
    if viewer and not is_vouched_for:
        require_second_factor(request, session, viewer)
    request.state.viewer = viewer
    request.state.viewer_id = viewer.id if viewer else None  # for the log, after the transaction
    return viewer


def _caller(request: Request, session: Session, now: datetime, offer: Offer) -> User | None:
    """Return for whom a program calls, None without a token; calls are counted either way."""
    limit = f"{request.app.state.settings.api_requests_per_minute}/minute"
    header = request.headers.get("authorization")
    if header is None:
        request.app.state.rate_limits.count(limit, "api from", _address(request))
        return None
    token = _token_of(request, session, now)
    if token is None:
        request.app.state.rate_limits.count(WRONG_TOKENS, "wrong token from", _address(request))
        raise SignInRequired(N_("This token is unknown, deleted or has run out."))
    request.app.state.rate_limits.count(limit, "token", str(token.id))
    if offer.scope not in token.scopes:
        raise Forbidden(N_("This token lacks the scope “%(scope)s”."), scope=offer.scope)
    if token.last_used_at is None or token.last_used_at + USED_INTERVAL < now:
        _note_use(request, session, token, now)
    return token.user


def _token_of(request: Request, session: Session, now: datetime) -> PersonalToken | None:
    """Return the live token that a request shows, if it shows one."""
    scheme, _, key = request.headers.get("authorization", "").strip().partition(" ")
    is_bearer = scheme.casefold() == "bearer"
    return queries.live_token(session, hash_token(key.strip()), now=now) if is_bearer else None


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _note_use(request: Request, session: Session, token: PersonalToken, now: datetime) -> None:
    if is_writing(session):
        mark_used(session, token, at=now)
        return
    with request.app.state.session_factory() as own, own.begin():
        mark_used(own, token, at=now)


WRONG_TOKENS = "30/minute"
"""Tries with tokens that do not exist, from one address of the net."""


Viewer = Annotated[User | None, Depends(get_viewer)]


async def get_sign_in(request: Request, _viewer: Viewer) -> SignInSession | None:
    """Return the live sign-in session of this browser, if there is one."""
    found: SignInSession | None = request.state.sign_in
    return found


CurrentSignIn = Annotated[SignInSession | None, Depends(get_sign_in)]


async def get_current_user(viewer: Viewer) -> User:
    """Return the person who is signed in.

    :raises SignInRequired: if nobody is
    """
    if viewer is None:
        raise SignInRequired(N_("Please sign in first."))
    return viewer


CurrentUser = Annotated[User, Depends(get_current_user)]


async def get_live_sign_in(_user: CurrentUser, sign_in: CurrentSignIn) -> SignInSession:
    """Return the session of this browser, with its person.

    :raises SignInRequired: if nobody is signed in
    """
    assert sign_in is not None  # noqa: S101 -- there is a user, so there is a session
    return sign_in


LiveSignIn = Annotated[SignInSession, Depends(get_live_sign_in)]


async def get_fresh_sign_in(sign_in: LiveSignIn, now: Now) -> SignInSession:
    """Return the session of this browser, if its person proved just now who they are.

    :raises ProofRequired: if that was too long ago for what could take the account away
    """
    if (sign_in.proved_at or sign_in.created_at) + PROOF_LASTS < now:
        raise ProofRequired(N_("Please enter your password once more, then do it again."))
    return sign_in


FreshSignIn = Annotated[SignInSession, Depends(get_fresh_sign_in)]
RowId = Annotated[int, Path(ge=1, lt=2**31)]


def get_own_session(sign_in_id: RowId, user: CurrentUser, session: DbSession) -> SignInSession:
    """Return a session of whoever is signed in.

    :raises NotFound: if there is none, or it is somebody else's
    """
    sign_in = queries.session_by_id(session, sign_in_id)
    if sign_in is None or sign_in.user_id != user.id:
        raise NotFound(N_("You are not signed in there (any more)."))
    return sign_in


OwnSession = Annotated[SignInSession, Depends(get_own_session)]


def get_own_token(token_id: RowId, user: CurrentUser, session: DbSession) -> PersonalToken:
    """Return a personal token of whoever is signed in.

    :raises NotFound: if there is none, or it is somebody else's
    """
    token = queries.token_by_id(session, token_id)
    if token is None or token.user_id != user.id:
        raise NotFound(N_("There is no such token (any more)."))
    return token


OwnToken = Annotated[PersonalToken, Depends(get_own_token)]
