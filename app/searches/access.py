"""The only way a route gets a saved search."""

from typing import Annotated

from fastapi import Depends, Path, Request

from app.accounts.access import CurrentUser
from app.core.database import DbSession
from app.core.errors import LinkExpired, NotFound
from app.core.i18n import N_
from app.organisations.access import AnyActor
from app.searches import queries
from app.searches.models import SavedSearch
from app.searches.policy import SWITCHING_OFF, SWITCHING_OFF_SECONDS

SearchId = Annotated[int, Path(ge=1, lt=2**31)]


def get_own_search(search_id: SearchId, user: CurrentUser, session: DbSession) -> SavedSearch:
    """Return a search of whoever is signed in.

    :raises NotFound: if there is none, or it is somebody else's
    """
    search = queries.search_by_id(session, search_id)
    if search is None or search.user_id != user.id:
        raise NotFound(N_("There is no search at this address."))
    return search


OwnSearch = Annotated[SavedSearch, Depends(get_own_search)]


def get_mailed_search(
    request: Request, token: str, _viewer: AnyActor, session: DbSession
) -> SavedSearch:
    """Return the search behind the off-switch of a mail, without signing in.

    :raises LinkExpired: if the link is forged or older than a year, or the search is deleted
    """
    payload = request.app.state.tokens.read(SWITCHING_OFF, token, max_age=SWITCHING_OFF_SECONDS)
    search = queries.search_by_id(session, payload["search_id"]) if payload else None
    if search is None:
        raise LinkExpired(
            N_("This link is incomplete or no longer valid. Sign in and look under “My searches”.")
        )
    return search


MailedSearch = Annotated[SavedSearch, Depends(get_mailed_search)]
