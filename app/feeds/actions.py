"""Every change of a person's secret addresses."""

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.feeds.models import FeedKey


def renew(session: Session, user: User, *, at: datetime) -> FeedKey:
    """Give a person new addresses; earlier ones show nothing any more."""
    end(session, user)
    key = FeedKey(user_id=user.id, key=token_urlsafe(12), created_at=at)
    session.add(key)
    return key


def end(session: Session, user: User) -> None:
    """Take a person's addresses away."""
    session.execute(delete(FeedKey).where(FeedKey.user_id == user.id))
