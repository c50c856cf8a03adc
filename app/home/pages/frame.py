"""The frame around every page."""

from dataclasses import dataclass

from app.core.i18n import N_
from app.organisations.models import OrganisationKind
from app.organisations.policy import Actor


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


def _is_of_a_cluster(actor: Actor) -> bool:
    return any(each.kind is OrganisationKind.CLUSTER for each in actor.organisations)
