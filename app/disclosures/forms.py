"""What an owner may type into the protected parts of a draft."""

from collections.abc import Sequence

from pydantic import Field

from app.challenges.models import Challenge
from app.core.forms import FormModel
from app.core.i18n import N_
from app.disclosures.actions import Draft, Protection
from app.disclosures.models import Layer, ProtectedPart
from app.disclosures.policy import FACTS

MOST_PARTS = 3


class PartRow(FormModel):
    """One part; a row without text is dropped."""

    heading: str = Field("", max_length=120)
    text: str = Field("", max_length=8_000)
    layer: Layer = Layer.MATCHED


class ProtectedForm(FormModel):
    """All protected parts of a challenge, and the agreement of the innermost layer."""

    labels = {
        "place_layer": N_("Who reads where it is needed"),
        "budget_layer": N_("Who reads the budget"),
        "conditions_layer": N_("Who reads the conditions"),
        "parts": N_("Protected parts"),
        "parts[].heading": N_("Heading"),
        "parts[].text": N_("Text"),
        "parts[].layer": N_("Who reads it"),
        "agreement": N_("Agreement"),
    }

    place_layer: Layer | None = None
    budget_layer: Layer | None = None
    conditions_layer: Layer | None = None
    parts: list[PartRow] = Field([], max_length=MOST_PARTS)
    agreement: str = Field("", max_length=8_000)
    version: int = 0

    def protection(self) -> Protection:
        """Return what was typed, as the action takes it."""
        layers = {fact: getattr(self, f"{fact}_layer") for fact in FACTS}
        return Protection(
            drafts=[Draft(row.heading, row.text, row.layer) for row in self.parts if row.text],
            fact_layers={fact: layer for fact, layer in layers.items() if layer},
            agreement=self.agreement,
        )


def stored_fields(
    challenge: Challenge, parts: Sequence[ProtectedPart], agreement: str
) -> dict[str, str]:
    """Return the fields that show what is stored."""
    layers = {f"{fact}_layer": challenge.fact_layers.get(fact, "") for fact in FACTS}
    fields = {**layers, "agreement": agreement}
    for index, part in enumerate(parts):
        fields |= {
            f"parts[{index}].heading": part.heading,
            f"parts[{index}].text": part.text,
            f"parts[{index}].layer": part.layer.value,
        }
    return fields
