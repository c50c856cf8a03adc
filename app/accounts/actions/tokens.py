"""Personal tokens: made, used and ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts import emails, queries
from app.accounts.actions import WrongPresentPassword
from app.accounts.models import PersonalToken, Scope, User
from app.accounts.policy import MOST_TOKENS, TOKEN_BEGINNING, TOKEN_PREFIX, hash_token
from app.core import passwords
from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.outbox import Outbox


class TooManyTokens(DomainError):
    """So many keys that nobody keeps track of them."""

    def __init__(self) -> None:
        super().__init__(N_("You have %(most)s tokens. Delete one first."), most=MOST_TOKENS)


@dataclass(frozen=True)
class NewToken:
    """What a person wants of a token."""

    name: str
    scopes: frozenset[Scope]
    days: int


def create_token(
    session: Session, user: User, wanted: NewToken, *, present: str, outbox: Outbox
) -> str:
    """Make a personal token and return its key, which is kept nowhere.

    :param present: their password, asked for again
    :raises WrongPresentPassword: when it is not theirs
    :raises TooManyTokens: when they have to delete one first
    """
    if not passwords.is_right(present, user.password_hash):
        raise WrongPresentPassword
    if queries.token_count(session, user) >= MOST_TOKENS:
        raise TooManyTokens
    key = TOKEN_PREFIX + token_urlsafe(32)
    token = PersonalToken(
        user_id=user.id,
        name=wanted.name,
        beginning=key[:TOKEN_BEGINNING],
        token_hash=hash_token(key),
        scopes=[scope.value for scope in Scope if scope in wanted.scopes],
        created_at=outbox.now,
        expires_at=outbox.now + timedelta(days=wanted.days),
    )
    session.add(token)
    outbox.add(emails.token_created(user, token, links=outbox.links))
    return key


def revoke_token(session: Session, token: PersonalToken) -> None:
    """End a token for good."""
    session.delete(token)


def mark_used(session: Session, token: PersonalToken, *, at: datetime) -> None:
    """Note that a token is still in use."""
    own = update(PersonalToken).where(PersonalToken.id == token.id)
    session.execute(own.values(last_used_at=at))
