"""HTTP in, HTTP out."""

from enum import StrEnum

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.access import CurrentUser
from app.challenges.pages.listing import read_filter
from app.core.clock import Now
from app.core.database import DbSession
from app.core.feeds import (
    ATOM,
    CALENDAR,
    JSON_FEED,
    Calendar,
    Feed,
    atom,
    calendar,
    file,
    json_feed,
)
from app.core.flash import flash
from app.core.i18n import gettext, speaking
from app.core.rendering import page
from app.feeds import actions, pages
from app.feeds.access import FedSearch, PersonalSubscriber
from app.organisations.access import AnyActor
from app.searches.pages import filter_of
from app.searches.policy import filters_in

router = APIRouter(tags=["feeds"])


class FeedForm(StrEnum):
    """In which form a feed comes."""

    ATOM = "atom"
    JSON = "json"


@router.get("/feeds", name="feeds:overview")
def show_overview(request: Request, actor: AnyActor, session: DbSession) -> Response:
    shown = pages.overview(session, actor, request.app.state.links)
    return page(request, "feeds/overview.html", shown=shown)


@router.get("/feeds/challenges.{form}", name="feeds:challenges")
def show_challenges(
    request: Request, form: FeedForm, _actor: AnyActor, session: DbSession
) -> Response:
    links, query = request.app.state.links, filters_in(request.url.query)
    feed = pages.challenge_feed(
        session,
        read_filter(request.query_params),
        links,
        url=links.to(_with(request.url.path, query)),
        query=query,
    )
    return _feed(request, feed, form)


@router.get("/feeds/deadlines.ics", name="feeds:deadlines")
def show_deadlines(request: Request, _actor: AnyActor, session: DbSession) -> Response:
    wanted, links = read_filter(request.query_params), request.app.state.links
    return _calendar(request, pages.public_deadlines(session, wanted, links))


@router.get("/feeds/personal/{token}/deadlines.ics", name="feeds:own_deadlines")
def show_own_deadlines(
    request: Request, subscriber: PersonalSubscriber, session: DbSession, now: Now
) -> Response:
    with speaking(subscriber.locale):
        links = request.app.state.links
        shown = pages.own_deadlines(session, subscriber.actor, links, now=now)
    return _calendar(request, shown, is_public=False)


@router.get("/feeds/personal/{token}/searches/{search_id}.{form}", name="feeds:search")
def show_search(
    request: Request,
    form: FeedForm,
    subscriber: PersonalSubscriber,
    search: FedSearch,
    session: DbSession,
) -> Response:
    with speaking(subscriber.locale):
        links, query = request.app.state.links, search.query
        url = links.to(request.url.path)
        feed = pages.challenge_feed(session, filter_of(query), links, url=url, query=query)
    return _feed(request, feed, form, is_public=False)


@router.post("/feeds/personal", name="feeds:renew")
def renew(request: Request, user: CurrentUser, session: DbSession, now: Now) -> Response:
    actions.renew(session, user, at=now)
    flash(request, gettext("You have new addresses. Earlier ones show nothing any more."))
    return RedirectResponse("/feeds#own", 303)


@router.post("/feeds/personal/end", name="feeds:end")
def end(request: Request, user: CurrentUser, session: DbSession) -> Response:
    actions.end(session, user)
    flash(request, gettext("Your addresses show nothing any more."))
    return RedirectResponse("/feeds#own", 303)


def _feed(request: Request, feed: Feed, form: FeedForm, *, is_public: bool = True) -> Response:
    write, kind = (atom, ATOM) if form is FeedForm.ATOM else (json_feed, JSON_FEED)
    return file(request, write(feed), kind, is_public=is_public, changed_at=feed.updated)


def _calendar(request: Request, shown: Calendar, *, is_public: bool = True) -> Response:
    content = calendar(shown)
    return file(request, content, CALENDAR, is_public=is_public, changed_at=shown.updated)


def _with(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
