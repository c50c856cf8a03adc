"""The only way a route gets a test site."""

from typing import Annotated

from fastapi import Depends, Path

from app.core.database import DbSession
from app.core.errors import Forbidden, NotFound
from app.core.i18n import N_
from app.organisations.access import AnyActor, SignedInActor
from app.sites import policy, queries
from app.sites.models import Site

SiteId = Annotated[int, Path(ge=1, lt=2**31)]


def get_viewable_site(site_id: SiteId, actor: AnyActor, session: DbSession) -> Site:
    """Return a site with its organisation.

    :raises NotFound: if it is absent or its organisation is hidden from this person
    """
    site = queries.site_by_id(session, site_id)
    if site is None or not policy.can_view(actor, site):
        raise NotFound(N_("There is no page at this address."))
    return site


ViewableSite = Annotated[Site, Depends(get_viewable_site)]


async def get_editable_site(site: ViewableSite, actor: SignedInActor) -> Site:
    """Return a site of an organisation for which this person acts.

    :raises Forbidden: if they do not act for its organisation
    """
    if not policy.can_edit(actor, site):
        raise Forbidden(N_("Only this organisation’s managers and editors may do this."))
    return site


EditableSite = Annotated[Site, Depends(get_editable_site)]
