"""Every SELECT on saved searches."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.searches.models import SavedSearch


def searches_of(session: Session, user_id: int) -> Sequence[SavedSearch]:
    """Return a person's searches, the newest first."""
    statement = select(SavedSearch).where(SavedSearch.user_id == user_id)
    return session.scalars(statement.order_by(SavedSearch.id.desc())).all()


def search_count(session: Session, user_id: int) -> int:
    """Return how many searches a person keeps."""
    statement = select(func.count(SavedSearch.id)).where(SavedSearch.user_id == user_id)
    return session.scalar(statement) or 0


def search_by_id(session: Session, search_id: int) -> SavedSearch | None:
    """Return one search with its person."""
    statement = select(SavedSearch).where(SavedSearch.id == search_id)
    return session.scalar(statement.options(joinedload(SavedSearch.user)))


def search_with_query(session: Session, user_id: int, query: str) -> SavedSearch | None:
    """Return a person's search with exactly these filters."""
    statement = select(SavedSearch).where(
        SavedSearch.user_id == user_id, SavedSearch.query == query
    )
    return session.scalar(statement)


def user_ids_to_tell(session: Session) -> Sequence[int]:
    """Return the people who want mail about at least one search."""
    statement = select(SavedSearch.user_id).where(SavedSearch.wants_mail).distinct()
    return session.scalars(statement.order_by(SavedSearch.user_id)).all()
