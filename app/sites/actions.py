"""Every change of a test site."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.core import journal
from app.core.errors import Stale
from app.core.i18n import N_
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.sites.models import Site, SiteKind


@dataclass(frozen=True)
class SiteDetails:
    """What an organisation says about one of its sites."""

    kind: SiteKind
    name: str
    lang: str
    place: str
    country: str
    offer: str
    conditions: str
    contact: str
    languages: list[str]
    field_ids: list[str]
    is_offered: bool


def add(
    session: Session, organisation: Organisation, details: SiteDetails, *, by: Actor, at: datetime
) -> Site:
    """Enter a site of an organisation into the registry."""
    site = Site(organisation=organisation, created_at=at, updated_at=at, **vars(details))
    session.add(site)
    journal.record(session, site, "site.added", by=by.by(organisation), at=at)
    return site


def change(
    session: Session, site: Site, details: SiteDetails, *, version: int, by: Actor, at: datetime
) -> None:
    """Replace what is said about a site.

    :param version: the one that was shown with the form
    :raises Stale: when somebody else saved meanwhile
    """
    if site.version != version:
        raise Stale(N_("Somebody else changed this site meanwhile. Compare and save again."))
    for name, value in vars(details).items():
        setattr(site, name, value)
    site.updated_at = at
    journal.record(session, site, "site.changed", by=by.by(site.organisation), at=at)
