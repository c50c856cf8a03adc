"""What the pages about test sites show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.database import DbSession
from app.core.i18n import LOCALES, country_name, language_name
from app.core.pagination import Page, paginate
from app.core.parts import Piece
from app.organisations.models import COUNTRIES, Organisation
from app.organisations.policy import Actor
from app.sites import policy, queries
from app.sites.models import Site, SiteKind
from app.sites.queries import SiteFilter
from app.taxonomy.models import application_fields

Options = Sequence[tuple[str, str]]
SiteContributor = Callable[[DbSession, Site, Actor], Sequence[Piece]]
"""Asked for each view of a site; ``app.main`` lists them, since they lie above this feature."""


@dataclass(frozen=True)
class SiteOptions:
    """What forms about sites let people choose from."""

    kinds: Options
    countries: Options
    languages: Options
    fields: Options


def site_options(countries: Sequence[str] = COUNTRIES) -> SiteOptions:
    """Return the options in the reader's language, countries by name."""
    named = [(code, country_name(code)) for code in countries]
    return SiteOptions(
        kinds=[(kind.value, kind.label) for kind in SiteKind],
        countries=sorted(named, key=lambda country: country[1].casefold()),
        languages=[(code, language_name(code)) for code in LOCALES],
        fields=[(field.id, field.label) for field in application_fields().values()],
    )


@dataclass(frozen=True)
class SitesPage:
    """The public registry with its filters."""

    found: Page[Site]
    wanted: SiteFilter
    options: SiteOptions

    @property
    def is_filtered(self) -> bool:
        """Whether the address asks for less than everything."""
        return self.wanted != SiteFilter()


def site_filter(query: Mapping[str, str]) -> SiteFilter:
    """Return what the address asks for; values that do not exist are left out."""
    kind, field = query.get("kind", ""), query.get("field", "")
    country, language = query.get("country", ""), query.get("language", "")
    return SiteFilter(
        words=query.get("q", "").strip(),
        kind=kind if kind in list(SiteKind) else "",
        field=field if field in application_fields() else "",
        country=country if country in COUNTRIES else "",
        language=language if language in LOCALES else "",
    )


def sites_page(session: DbSession, query: Mapping[str, str], number: int) -> SitesPage:
    """Return one page of the registry as the address asks for it."""
    wanted = site_filter(query)
    return SitesPage(
        found=paginate(session, queries.offered(wanted), number=number),
        wanted=wanted,
        options=site_options(queries.countries_offered(session)),
    )


@dataclass(frozen=True)
class SitePage:
    """A site as this person may see it."""

    can_edit: bool
    pieces: Sequence[Piece]


def site_page(
    session: DbSession, site: Site, actor: Actor, contributors: Sequence[SiteContributor]
) -> SitePage:
    """Return the page of one site."""
    return SitePage(
        can_edit=policy.can_edit(actor, site),
        pieces=[piece for ask in contributors for piece in ask(session, site, actor)],
    )


@dataclass(frozen=True)
class OrganisationsSites:
    """The sites of one organisation, on its page."""

    sites: Sequence[Site]
    can_edit: bool


def of_organisation(
    session: DbSession, organisation: Organisation, actor: Actor, _now: datetime
) -> Sequence[Piece]:
    """Return what sites bring to the page of an organisation: those it offers, and the way in."""
    can_edit = actor.acts_for(organisation.id)
    sites = queries.sites_of(session, organisation.id)
    if not sites and not can_edit:
        return ()
    return (Piece("sites/_of_organisation.html", OrganisationsSites(sites, can_edit)),)
