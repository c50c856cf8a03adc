"""Every SELECT on test sites."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload

from app.organisations.models import Organisation
from app.sites.models import Site, SiteKind


@dataclass(frozen=True)
class SiteFilter:
    """What somebody looks for; empty means everything."""

    words: str = ""
    kind: str = ""
    field: str = ""
    country: str = ""
    language: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the WHERE clauses; the list holds what verified organisations offer now."""
        wanted: list[ColumnElement[bool]] = [
            Organisation.verified_at.is_not(None),
            Site.is_offered.is_(True),
        ]
        for word in self.words.split()[:8]:
            texts = (Site.name, Site.place, Site.offer, Organisation.name)
            wanted.append(or_(*(text.icontains(word, autoescape=True) for text in texts)))
        if self.kind:
            wanted.append(Site.kind == SiteKind(self.kind))
        if self.field:
            wanted.append(_holds(Site.field_ids, self.field))
        if self.country:
            wanted.append(Site.country == self.country)
        if self.language:
            wanted.append(_holds(Site.languages, self.language))
        return wanted


def _holds(column: InstrumentedAttribute[list[str]], value: str) -> ColumnElement[bool]:
    return cast(column, String).contains(f'"{value}"', autoescape=True)


def offered(wanted: SiteFilter) -> Select[Site]:
    """Return the SELECT of the public list with organisations, by name."""
    return (
        select(Site)
        .join(Site.organisation)
        .options(contains_eager(Site.organisation))
        .where(*wanted.conditions())
        .order_by(func.lower(Site.name), Site.id)
    )


def site_by_id(session: Session, site_id: int) -> Site | None:
    """Return one site with its organisation."""
    statement = select(Site).where(Site.id == site_id)
    return session.scalar(statement.options(joinedload(Site.organisation)))


def takes_pilots(session: Session, site_id: int | None) -> bool:
    """Whether there is such a site, and a verified organisation offers it for new pilots."""
    statement = offered(SiteFilter()).where(Site.id == site_id)
    return session.scalar(statement) is not None


def sites_of(session: Session, organisation_id: int) -> Sequence[Site]:
    """Return all sites of one organisation, those it no longer offers too, by name."""
    statement = select(Site).where(Site.organisation_id == organisation_id)
    return session.scalars(statement.order_by(func.lower(Site.name), Site.id)).all()


def countries_offered(session: Session) -> Sequence[str]:
    """Return the countries in which sites are offered."""
    statement = offered(SiteFilter()).with_only_columns(Site.country).order_by(None).distinct()
    return sorted(session.scalars(statement))
