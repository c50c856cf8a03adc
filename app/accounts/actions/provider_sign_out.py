"""What happens here when a provider says that it signed somebody out."""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import SignInSession, SpentLogoutToken
from app.accounts.policy import hash_token
from app.core.logout_tokens import SignedOut
from app.core.openid import DRIFT
from app.core.sign_in_providers import SignInProvider


class Spent(Exception):
    """The same token came before."""


def follow(session: Session, provider: SignInProvider, said: SignedOut, *, at: datetime) -> int:
    """End the sessions that the provider means, and return how many those were.

    With its name for a session that one alone ends, and those of the person of which it never told
    us a name; with a person alone, all that they began through it. Sessions that somebody began
    with a password, or through another provider, stay.

    :raises Spent: when this token has been followed already
    """
    _spend(session, said, at=at)
    meant = delete(SignInSession).where(SignInSession.provider == provider.key)
    if said.subject:
        identity = queries.identity(session, said.issuer, said.subject)
        if identity is None:
            return 0
        meant = meant.where(SignInSession.user_id == identity.user_id)
        names = {said.session, ""}
    else:
        names = {said.session}
    if said.session:
        meant = meant.where(SignInSession.provider_session.in_(names))
    result = session.execute(meant)
    assert isinstance(result, CursorResult)  # noqa: S101 -- what a DELETE returns
    return result.rowcount


def _spend(session: Session, said: SignedOut, *, at: datetime) -> None:
    # A minute longer than it lives, since it is taken so long by clocks that differ.
    until = said.expires_at + timedelta(seconds=DRIFT)
    key = hash_token(f"{said.issuer} {said.token_id}")
    session.execute(delete(SpentLogoutToken).where(SpentLogoutToken.expires_at <= at))
    try:
        with session.begin_nested():
            session.add(SpentLogoutToken(token_hash=key, expires_at=until))
    except IntegrityError as error:
        raise Spent from error
