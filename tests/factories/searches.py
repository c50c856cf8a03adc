"""Saved searches."""

from app.accounts.models import User
from app.searches.models import SavedSearch
from tests.factories import EARLIER, save


def make_search(
    user: User, *, query: str = "q=ferries", wants_mail: bool = True, seen: tuple[int, ...] = ()
) -> SavedSearch:
    """Return a search of a person who has seen some challenges in it."""
    return save(
        SavedSearch(
            user_id=user.id,
            query=query,
            wants_mail=wants_mail,
            seen_ids=list(seen),
            created_at=EARLIER,
        )
    )
