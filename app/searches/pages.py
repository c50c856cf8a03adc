"""What the pages about saved searches show."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import QueryParams

from app.challenges.pages.listing import filter_words, read_filter
from app.challenges.queries import ChallengeFilter, public_ids
from app.core.database import DbSession
from app.core.i18n import join_words
from app.organisations.queries import cluster_names
from app.searches.models import SavedSearch


def filter_of(query: str) -> ChallengeFilter:
    """Return what a kept address lets through."""
    return read_filter(QueryParams(query))


def found_by(session: DbSession, query: str) -> set[int]:
    """Return the ids of the challenges that a search finds now."""
    return public_ids(session, filter_of(query))


@dataclass(frozen=True)
class Kept:
    """A search as its person sees it."""

    search: SavedSearch
    words: str
    count: int


def wordings(session: DbSession, searches: Sequence[SavedSearch]) -> dict[int, str]:
    """Return what each search looks for, in the reader's language, by its id."""
    names = cluster_names(session)
    return {
        search.id: join_words(filter_words(filter_of(search.query), names)) for search in searches
    }


def kept_searches(session: DbSession, searches: Sequence[SavedSearch]) -> list[Kept]:
    """Return searches with their words and how many challenges are in each."""
    words = wordings(session, searches)
    return [
        Kept(search, words[search.id], len(found_by(session, search.query))) for search in searches
    ]


def words_of(session: DbSession, search: SavedSearch) -> str:
    """Return what one search looks for, in the reader's language."""
    return wordings(session, [search])[search.id]
