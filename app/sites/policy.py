"""Who may read and change a test site. Pure functions."""

from app.organisations.policy import Actor
from app.organisations.policy import can_view as can_view_organisation
from app.sites.models import Site


def can_view(actor: Actor, site: Site) -> bool:
    """Whether they may read it: whoever may read the page of its organisation."""
    return can_view_organisation(actor, site.organisation)


def can_edit(actor: Actor, site: Site) -> bool:
    """Whether they may change it: whoever acts for its organisation."""
    return actor.acts_for(site.organisation_id)
