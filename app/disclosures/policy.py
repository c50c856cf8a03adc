"""How deep somebody may read. Pure functions."""

from collections.abc import Collection

from app.challenges.models import Challenge
from app.challenges.policy import is_curator, is_owner_side
from app.disclosures.models import Layer
from app.organisations.policy import Actor

ALL_LAYERS = frozenset(Layer)


def knows_all(actor: Actor, challenge: Challenge) -> bool:
    """Whether every layer is theirs anyway: the owner's people, the curators, the region."""
    return is_owner_side(actor, challenge) or is_curator(actor, challenge)


def layers_of(
    actor: Actor, challenge: Challenge, concerned: Collection[int], *, has_accepted: bool
) -> frozenset[Layer]:
    """Return the layers that somebody may read now.

    :param concerned: ids of the organisations that are invited, or answer
    :param has_accepted: whether they have accepted the agreement
    """
    if knows_all(actor, challenge):
        return ALL_LAYERS
    if actor.user is None:
        return frozenset()
    is_matched = any(actor.belongs_to(organisation_id) for organisation_id in concerned)
    if not is_matched:
        return frozenset({Layer.SIGNED_IN})
    return ALL_LAYERS if has_accepted else ALL_LAYERS - {Layer.AGREED}
