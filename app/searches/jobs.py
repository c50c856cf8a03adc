"""Background entry: every morning one mail to each person, about what is new in their searches."""

from collections.abc import Mapping
from datetime import time
from functools import partial

from app.accounts.queries import user_by_id
from app.challenges.queries import challenges_by_id
from app.core import daily, jobs
from app.core.daily import DailyWork
from app.core.database import DbSession
from app.core.i18n import speaking
from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox
from app.searches import actions, emails, pages, queries
from app.searches.emails import News
from app.searches.models import EVERY_MORNING, TELLING, SavedSearch


def look_for_news(work: Work) -> None:
    """Put a job in line for each person who wants to be told."""
    with work.finishing() as session:
        for user_id in queries.user_ids_to_tell(session):
            key = f"{TELLING}:{user_id}"
            jobs.enqueue(session, TELLING, {"user_id": user_id}, at=work.now, dedupe_key=key)


DAILY = {EVERY_MORNING: DailyWork(look_for_news, time(6))}
"""Before the working day, and after the night in which challenges open."""


def handlers(links: Links) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {TELLING: partial(tell, links), **daily.handlers(DAILY)}


def tell(links: Links, work: Work) -> None:
    """Write one mail to a person about all that is new; nothing if nothing is."""
    with work.finishing() as session:
        user = user_by_id(session, int(work.payload["user_id"]))
        if user is None:
            return
        with speaking(user.locale):
            wanted = [each for each in queries.searches_of(session, user.id) if each.wants_mail]
            found = [news for each in wanted if (news := _news(session, each, work))]
        if found:
            Outbox(session=session, links=links, now=work.now).add(emails.news(user, found, links))


def _news(session: DbSession, search: SavedSearch, work: Work) -> News | None:
    found = pages.found_by(session, search.query)
    fresh = found - set(search.seen_ids)
    actions.note_told(search, found=found | set(search.seen_ids), at=work.now)
    if not fresh:
        return None
    return News(search, pages.words_of(session, search), challenges_by_id(session, fresh))
