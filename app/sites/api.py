"""JSON in, JSON out."""

from typing import Annotated, Literal

from fastapi import Query, Request, Response

from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Listing, SeenVersion, listing, tag
from app.core.pagination import PageNumber, paginate
from app.organisations.access import AnyActor, EditableOrganisation, SignedInActor
from app.sites import actions, queries
from app.sites.access import EditableSite, ViewableSite
from app.sites.models import Site, SiteKind
from app.sites.queries import SiteFilter
from app.sites.schemas import SiteListed, SiteShown, SiteWritten

router = ApiRouter("sites")
READ, WRITE = Scope.ORGANISATIONS_READ, Scope.PROFILE_WRITE
Words = Annotated[str, Query(alias="q", max_length=100, description="Words that it holds.")]
Spoken = Annotated[Literal["en", "de", "fr"] | None, Query(description="Spoken there.")]


@router.read("/sites", "list", scope=READ, twin="sites:list")
def list_sites(  # noqa: PLR0913, PLR0917 -- one for each filter
    request: Request,
    answer: Response,
    _actor: AnyActor,
    session: DbSession,
    words: Words = "",
    kind: SiteKind | None = None,
    field: Annotated[str, Query(max_length=80, description="Id of the taxonomy.")] = "",
    country: Annotated[str, Query(max_length=2, description="Two letters, such as DE.")] = "",
    language: Spoken = None,
    number: PageNumber = 1,
) -> Listing[SiteListed]:
    """List living labs and test beds that take pilots.

    By name, as in the public registry.
    """
    wanted = SiteFilter(words.strip(), kind or "", field, country, language or "")
    page = paginate(session, queries.offered(wanted), number=number)
    return listing(request, answer, page, SiteListed.of)


@router.read("/sites/{site_id}", "show", scope=READ, twin="sites:show")
def show_site(answer: Response, site: ViewableSite) -> SiteShown:
    """Show a living lab or test bed."""
    return _shown(answer, site)


@router.act(
    "/organisations/{slug}/sites", "add", scope=WRITE, twin="sites:add", status_code=201
)  # fmt: skip
def add_site(
    answer: Response,
    organisation: EditableOrganisation,
    typed: SiteWritten,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> SiteShown:
    """Enter a site of your organisation into the registry."""
    site = actions.add(session, organisation, typed.details(), by=actor, at=now)
    session.flush()
    return _shown(answer, site)


@router.act("/sites/{site_id}", "change", scope=WRITE, twin="sites:change", method="PUT")
def change_site(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    answer: Response,
    site: EditableSite,
    seen: SeenVersion,
    typed: SiteWritten,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> SiteShown:
    """Write anew what is said about a site."""
    actions.change(session, site, typed.details(), version=seen, by=actor, at=now)
    session.flush()
    return _shown(answer, site)


def _shown(answer: Response, site: Site) -> SiteShown:
    tag(answer, site.version)
    return SiteShown.of(site)
