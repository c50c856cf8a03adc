"""What an owner may type into the protected parts of a draft."""

from collections.abc import Sequence

from pydantic import Field

from app.core.forms import FormModel
from app.core.i18n import N_
from app.disclosures.actions import Draft
from app.disclosures.models import Layer, ProtectedPart

MOST_PARTS = 3


class PartRow(FormModel):
    """One part; a row without text is dropped."""

    heading: str = Field("", max_length=120)
    text: str = Field("", max_length=8_000)
    layer: Layer = Layer.MATCHED


class ProtectedForm(FormModel):
    """All protected parts of a challenge, and the agreement of the innermost layer."""

    labels = {
        "parts": N_("Protected parts"),
        "parts[].heading": N_("Heading"),
        "parts[].text": N_("Text"),
        "parts[].layer": N_("Who reads it"),
        "agreement": N_("Agreement"),
    }

    parts: list[PartRow] = Field([], max_length=MOST_PARTS)
    agreement: str = Field("", max_length=8_000)
    version: int = 0

    def drafts(self) -> list[Draft]:
        """Return the parts that hold a text."""
        return [Draft(row.heading, row.text, row.layer) for row in self.parts if row.text]


def stored_fields(parts: Sequence[ProtectedPart], agreement: str) -> dict[str, str]:
    """Return the fields that show what is stored."""
    fields = {"agreement": agreement}
    for index, part in enumerate(parts):
        fields |= {
            f"parts[{index}].heading": part.heading,
            f"parts[{index}].text": part.text,
            f"parts[{index}].layer": part.layer.value,
        }
    return fields
