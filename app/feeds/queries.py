"""Every SELECT for feeds."""

from sqlalchemy.orm import Session

from app.feeds.models import FeedKey


def key_of(session: Session, user_id: int) -> FeedKey | None:
    """Return the key of a person's secret addresses, if they have any."""
    return session.get(FeedKey, user_id)
