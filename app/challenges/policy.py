"""Who may do what with a challenge. Pure functions of the actor and the challenge."""

from app.challenges.models import EDITABLE_STATES, PUBLIC_STATES, Challenge
from app.core.state_machine import Mover
from app.organisations.policy import Actor


def is_owner_side(actor: Actor, challenge: Challenge) -> bool:
    """Whether they belong to the owner organisation, in whatever role."""
    return actor.belongs_to(challenge.owner_id)


def acts_for_owner(actor: Actor, challenge: Challenge) -> bool:
    """Whether they may act in the owner organisation's name."""
    return actor.acts_for(challenge.owner_id)


def is_curator(actor: Actor, challenge: Challenge) -> bool:
    """Whether they look after the challenge, for its cluster or for the region."""
    return actor.is_regional_developer or actor.acts_for(challenge.curating_cluster_id)


def can_view(actor: Actor, challenge: Challenge) -> bool:
    """Whether they may read it: everybody once public, before that only those concerned."""
    is_public = challenge.state in PUBLIC_STATES
    return is_public or is_owner_side(actor, challenge) or is_curator(actor, challenge)


def can_edit(actor: Actor, challenge: Challenge) -> bool:
    """Whether they may change its text now."""
    return acts_for_owner(actor, challenge) and challenge.state in EDITABLE_STATES


def moderator_of(actor: Actor, challenge: Challenge) -> Mover | None:
    """Return the role in which they decide on publishing, if any.

    A cluster's people do not decide on a challenge of an organisation they act for.
    """
    if actor.is_regional_developer:
        return Mover.REGION
    if acts_for_owner(actor, challenge) or not actor.acts_for(challenge.curating_cluster_id):
        return None
    return Mover.CURATOR


def can_moderate(actor: Actor, challenge: Challenge) -> bool:
    """Whether they decide on publishing it."""
    return moderator_of(actor, challenge) is not None


def mover_for(actor: Actor, challenge: Challenge) -> Mover | None:
    """Return the role in which they move the challenge: the owner's first, else a moderator's."""
    return Mover.OWNER if acts_for_owner(actor, challenge) else moderator_of(actor, challenge)
