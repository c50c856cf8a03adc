"""The only way a route gets the person behind a secret address."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.accounts.queries import user_by_id
from app.core.database import DbSession
from app.core.errors import NotFound
from app.core.i18n import N_
from app.feeds import queries
from app.feeds.models import PERSONAL
from app.organisations.access import AnyActor
from app.organisations.policy import Actor
from app.organisations.queries import actor_for
from app.searches.access import SearchId
from app.searches.models import SavedSearch
from app.searches.queries import search_by_id


@dataclass(frozen=True)
class Subscriber:
    """Whoever made a secret address, as whom it reads."""

    actor: Actor
    locale: str
    user_id: int


def get_subscriber(
    request: Request, token: str, _asking: AnyActor, session: DbSession
) -> Subscriber:
    """Return the person behind a secret address; whoever has the address needs no sign-in.

    :raises NotFound: if it is forged, renewed or ended, or the person is blocked
    """
    payload = request.app.state.tokens.read_lasting(PERSONAL, token)
    user = user_by_id(session, payload["user_id"]) if payload else None
    key = queries.key_of(session, user.id) if user else None
    if user is None or user.blocked_at or key is None or key.key != payload["key"]:
        raise NotFound(N_("There is no feed at this address (any more)."))
    return Subscriber(actor_for(session, user), user.locale, user.id)


PersonalSubscriber = Annotated[Subscriber, Depends(get_subscriber)]


def get_fed_search(
    search_id: SearchId, subscriber: PersonalSubscriber, session: DbSession
) -> SavedSearch:
    """Return a saved search of the person behind a secret address.

    :raises NotFound: if there is none, or it is somebody else's
    """
    search = search_by_id(session, search_id)
    if search is None or search.user_id != subscriber.user_id:
        raise NotFound(N_("There is no feed at this address (any more)."))
    return search


FedSearch = Annotated[SavedSearch, Depends(get_fed_search)]
