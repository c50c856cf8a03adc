"""The frame around every page."""

from dataclasses import dataclass

from fastapi import Request

from app.accounts.access import session_of
from app.core.database import DbSession
from app.core.i18n import N_
from app.messages.queries import unread_count
from app.organisations.models import OrganisationKind
from app.organisations.policy import Actor
from app.organisations.queries import actor_for


@dataclass(frozen=True)
class NavigationItem:
    """A link of the main navigation."""

    path: str
    words: str


@dataclass(frozen=True)
class Navigation:
    """Who is signed in, and where they can go."""

    user_name: str | None
    items: tuple[NavigationItem, ...]
    unread: int = 0
    """Messages that they have not opened."""


def navigation_for(actor: Actor, *, unread: int = 0) -> Navigation:
    """Return the main navigation of this person, who has so many unread messages."""
    items = [
        NavigationItem("/challenges", N_("Challenges")),
        NavigationItem("/organisations", N_("Organisations")),
        NavigationItem("/pilots", N_("Pilots")),
    ]
    if actor.user:
        items.append(NavigationItem("/home", N_("My work")))
    if actor.curated_clusters or actor.is_regional_developer:
        items.append(NavigationItem("/moderation", N_("To review")))
    if actor.is_regional_developer or _is_of_a_cluster(actor):
        items.append(NavigationItem("/monitoring", N_("Monitoring")))
    if actor.is_administrator:
        items.append(NavigationItem("/administration/mails", N_("Administration")))
    return Navigation(actor.user.name if actor.user else None, tuple(items), unread)


def navigation(request: Request) -> Navigation:
    """Return the main navigation for whoever is asking, also on pages without a route."""
    if (session := getattr(request.state, "session", None)) is not None:
        with session.no_autoflush:  # a page that refuses something must not write it
            return _navigation_in(session, request)
    with request.app.state.session_factory() as session:
        session.connection(execution_options={"writes": False})
        return _navigation_in(session, request)


def _navigation_in(session: DbSession, request: Request) -> Navigation:
    actor = getattr(request.state, "actor", None)
    if actor is None:
        sign_in = session_of(request, session, request.app.state.clock())
        actor = actor_for(session, sign_in.user if sign_in else None)
    return navigation_for(
        actor, unread=unread_count(session, actor.user.email) if actor.user else 0
    )


def _is_of_a_cluster(actor: Actor) -> bool:
    return any(each.kind is OrganisationKind.CLUSTER for each in actor.organisations)
