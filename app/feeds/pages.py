"""What feeds and calendars hold, and the page that lists them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from app.challenges.models import Challenge
from app.challenges.queries import ChallengeFilter, Order, Stage, public_challenges
from app.core.database import DbSession
from app.core.feeds import Calendar, Deadline, Entry, Feed
from app.core.i18n import current_locale, format_deadline, gettext
from app.core.links import Links
from app.feeds import queries
from app.feeds.models import PERSONAL
from app.home.pages.work import work_of
from app.organisations.policy import Actor
from app.organisations.queries import cluster_names
from app.searches.pages import kept_searches
from app.searches.queries import searches_of
from app.taxonomy.models import application_fields

NEWEST = 50
NEXT = 200
ONLY_OPEN = frozenset({Stage.OPEN})


@dataclass(frozen=True)
class Source:
    """Something to subscribe to: what it is, and its address without the file's ending."""

    words: str
    query: str = ""


@dataclass(frozen=True)
class Overview:
    """The page about feeds: public ones, and those of whoever is signed in."""

    general: Source
    fields: Sequence[Source]
    clusters: Sequence[Source]
    is_signed_in: bool
    secret: str
    """Where the person's own feeds are, up to the file's name; empty without a key."""
    searches: Sequence[tuple[int, str]]
    """Id and words of each saved search."""


def overview(session: DbSession, actor: Actor, links: Links) -> Overview:
    """Return the page about feeds for this person."""
    user = actor.user
    key = queries.key_of(session, user.id) if user else None
    payload = {"user_id": user.id, "key": key.key} if user and key else None
    kept = kept_searches(session, searches_of(session, user.id)) if user and key else []
    return Overview(
        general=Source(gettext("All open challenges")),
        fields=[
            Source(field.label, urlencode({"field": field.id}))
            for field in application_fields().values()
        ],
        clusters=[
            Source(name, urlencode({"cluster": id_}))
            for id_, name in cluster_names(session).items()
        ],
        is_signed_in=user is not None,
        secret=links.to(f"/feeds/personal/{links.tokens.make_lasting(PERSONAL, payload)}")
        if payload
        else "",
        searches=[(each.search.id, each.words) for each in kept],
    )


def challenge_feed(
    session: DbSession, wanted: ChallengeFilter, links: Links, *, url: str, query: str
) -> Feed:
    """Return the newest public challenges of this sort; open ones unless it says otherwise.

    :param url: the feed's own address
    :param query: the filter as the address of the list holds it
    """
    wanted = wanted if wanted.stages else replace(wanted, stages=ONLY_OPEN)
    found = public_challenges(session, wanted, order=Order.NEWEST, number=1, size=NEWEST)
    return Feed(
        title=gettext("Quaylink: innovation challenges"),
        url=url,
        home_url=links.to(f"/challenges?{query}" if query else "/challenges"),
        lang=current_locale(),
        entries=[_entry(challenge, links) for challenge in found.rows],
    )


def _entry(challenge: Challenge, links: Links) -> Entry:
    published = challenge.opened_at or challenge.created_at
    return Entry(
        url=links.to(f"/challenges/{challenge.id}"),
        title=challenge.title,
        summary=challenge.summary,
        lang=challenge.lang,
        author=challenge.owner.name,
        published=published,
        updated=max(published, challenge.updated_at),
        topics=[field.label for field in challenge.fields],
    )


def public_deadlines(session: DbSession, wanted: ChallengeFilter, links: Links) -> Calendar:
    """Return the last days for answers of open challenges as a calendar."""
    wanted = replace(wanted, stages=ONLY_OPEN)
    found = public_challenges(session, wanted, order=Order.DEADLINE, number=1, size=NEXT)
    deadlines = [
        Deadline(
            uid=f"challenge-{challenge.id}",
            day=challenge.last_day,
            title=gettext("Last day for answers: %(title)s") % {"title": challenge.title},
            words="\n".join((challenge.owner.name, format_deadline(challenge.closes_at))),
            url=links.to(f"/challenges/{challenge.id}"),
            changed_at=challenge.updated_at,
        )
        for challenge in found.rows
        if challenge.last_day and challenge.closes_at
    ]
    name = gettext("Quaylink: last days for answers")
    return Calendar(name, deadlines, host=_host(links))


def own_deadlines(session: DbSession, actor: Actor, links: Links, *, now: datetime) -> Calendar:
    """Return what waits for a person by a day as a calendar."""
    tasks = [
        (section, task)
        for section in work_of(session, actor, now=now)
        for task in section.tasks
        if task.due
    ]
    deadlines = [
        Deadline(
            uid=f"task-{'-'.join(task.path.strip('/').split('/'))}",
            day=task.due,
            title=f"{task.step}: {task.title}",
            words="\n".join(filter(None, (gettext(section.title), task.for_whom, task.state))),
            url=links.to(task.path),
            changed_at=now.replace(hour=0, minute=0, second=0, microsecond=0),
        )
        for section, task in tasks
        if task.due
    ]
    return Calendar(gettext("Quaylink: what waits for me"), deadlines, host=_host(links))


def _host(links: Links) -> str:
    return urlsplit(links.base_url).hostname or "quaylink"
