"""JSON in, JSON out."""

from app.accounts.access import CurrentUser
from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Listing, whole
from app.searches import actions, pages, queries
from app.searches.access import OwnSearch
from app.searches.models import SavedSearch
from app.searches.policy import filters_in
from app.searches.schemas import MailSwitch, SearchShown, SearchWritten

router = ApiRouter("searches")
READ, WRITE = Scope.ACCOUNT_READ, Scope.ACCOUNT_WRITE
SEARCH = "/me/searches/{search_id}"


@router.read("/me/searches", "list", scope=READ, twin="searches:list")
def list_searches(user: CurrentUser, session: DbSession) -> Listing[SearchShown]:
    """List the searches that you keep."""
    searches = queries.searches_of(session, user.id)
    words = pages.wordings(session, searches)
    return whole(searches, lambda search: SearchShown.of(search, words[search.id]))


@router.act("/me/searches", "save", scope=WRITE, twin="searches:save", status_code=201)
def save_search(
    user: CurrentUser, typed: SearchWritten, session: DbSession, now: Now
) -> SearchShown:
    """Keep a search; you are written to on mornings with something new."""
    query = filters_in(typed.query)
    search = actions.save(session, user, query, found=pages.found_by(session, query), at=now)
    session.flush()
    return _shown(session, search)


@router.act(f"{SEARCH}/mail", "switch", scope=WRITE, twin="searches:switch", method="PUT")
def switch_mail(search: OwnSearch, typed: MailSwitch, session: DbSession) -> SearchShown:
    """Switch e-mails about a search on or off."""
    if typed.wants_mail:
        actions.switch_on(search, found=pages.found_by(session, search.query))
    else:
        actions.switch_off(search)
    return _shown(session, search)


@router.act(SEARCH, "delete", scope=WRITE, twin="searches:delete", method="DELETE")
def delete_search(search: OwnSearch, session: DbSession) -> SearchShown:
    """Delete a search; it is shown for the last time."""
    last = _shown(session, search)
    actions.delete(session, search)
    return last


def _shown(session: DbSession, search: SavedSearch) -> SearchShown:
    return SearchShown.of(search, pages.words_of(session, search))
