"""Who may see figures, and of which challenges."""

from dataclasses import dataclass

from app.organisations.models import OrganisationKind
from app.organisations.policy import Actor


@dataclass(frozen=True)
class Scope:
    """The challenges that somebody's figures are made of: all, or those of some clusters."""

    cluster_ids: frozenset[int] | None
    """Who looks after them; None: everybody's."""

    @property
    def is_everything(self) -> bool:
        """Whether it is the whole region."""
        return self.cluster_ids is None


def scope_of(actor: Actor) -> Scope | None:
    """Return what somebody may see: the region all, people of a cluster the lists they may read.

    Everybody else sees no figures: small numbers would tell who was matched with what.
    """
    if actor.is_regional_developer:
        return Scope(None)
    own = [each.id for each in actor.organisations if each.kind is OrganisationKind.CLUSTER]
    return Scope(frozenset(own)) if own else None
