"""Every change of saved searches."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.errors import DomainError
from app.core.i18n import N_
from app.searches import queries
from app.searches.models import SavedSearch
from app.searches.policy import MOST_SEARCHES


class NothingToSave(DomainError):
    """The search lets everything through."""

    status_code = 422

    def __init__(self) -> None:
        super().__init__(N_("Choose at least one filter, or type a word, before you save."))


class TooMany(DomainError):
    """The person keeps as many searches as one may."""

    def __init__(self) -> None:
        super().__init__(
            N_("You keep %(most)s searches already. Delete one before you save another."),
            most=MOST_SEARCHES,
        )


def save(
    session: Session, user: User, query: str, *, found: Collection[int], at: datetime
) -> SavedSearch:
    """Keep a search, and tell its person from now on what is new; the same one is kept once.

    :param query: as ``policy.filters_in`` spells it
    :param found: the challenges that are in it now
    :raises NothingToSave: if the query has no filter
    :raises TooMany: if the person keeps enough of them
    """
    if not query:
        raise NothingToSave
    known = queries.search_with_query(session, user.id, query)
    if known is not None:
        switch_on(known, found=found)
        return known
    if queries.search_count(session, user.id) >= MOST_SEARCHES:
        raise TooMany
    search = SavedSearch(
        user_id=user.id, query=query, wants_mail=True, seen_ids=sorted(found), created_at=at
    )
    session.add(search)
    return search


def switch_on(search: SavedSearch, *, found: Collection[int]) -> None:
    """Tell from now on what is new; what came while it was off is not told any more."""
    if not search.wants_mail:
        search.wants_mail, search.seen_ids = True, sorted(found)


def switch_off(search: SavedSearch) -> None:
    """Write no mail about a search any more; it stays under "my searches"."""
    search.wants_mail = False


def note_told(search: SavedSearch, *, found: Collection[int], at: datetime) -> None:
    """Note what is in a search now, and that its person knows."""
    search.seen_ids, search.told_at = sorted(found), at


def delete(session: Session, search: SavedSearch) -> None:
    """Forget a search."""
    session.delete(search)
