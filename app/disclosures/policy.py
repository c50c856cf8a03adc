"""How deep somebody may read. Pure functions."""

from collections.abc import Collection, Iterator

from app.challenges.models import Challenge
from app.challenges.policy import is_curator, is_owner_side
from app.core.i18n import N_, format_money, gettext
from app.disclosures.models import Layer, ProtectedPart
from app.organisations.policy import Actor

ALL_LAYERS = frozenset(Layer)

FACTS = {"place": N_("Where"), "budget": N_("Budget"), "conditions": N_("Conditions")}
"""Facts of a challenge that may have a layer, as pages call them."""


def protected_facts(challenge: Challenge) -> Iterator[ProtectedPart]:
    """Yield the facts that not everybody reads, as parts that lie in no table."""
    budget = challenge.budget_reason
    if challenge.budget_eur is not None:
        budget = format_money(challenge.budget_eur)
    texts = {"place": challenge.place, "budget": budget, "conditions": challenge.conditions}
    for fact, words in FACTS.items():
        if fact in challenge.fact_layers and texts[fact]:
            layer = Layer(challenge.fact_layers[fact])
            yield ProtectedPart(heading=gettext(words), text=texts[fact], layer=layer)


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
