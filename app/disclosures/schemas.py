"""Protected parts as the API shows them."""

from collections.abc import Sequence

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.core.json_api import Body, Shown, example
from app.disclosures.forms import ProtectedForm
from app.disclosures.models import Layer


class ProtectedWritten(ProtectedForm, Body):
    """Who reads which facts of a draft (null: everybody), all its protected parts, and the
    agreement before the innermost layer.
    """

    model_config = example(
        budget_layer="matched",
        parts=[{"heading": "Tariff", "text": "Nine cents by night.", "layer": "matched"}],
    )

    version: SkipJsonSchema[int] = 0


class PartShown(Shown):
    """A part of a challenge that not everybody reads."""

    heading: str
    text: str
    layer: Layer


class ProtectedShown(Shown):
    """What you may read of the protected parts now."""

    parts: Sequence[PartShown]
    kept: Sequence[Layer] = Field(description="Layers with parts that you may not read.")
    agreement: str = Field(description="What to accept before the innermost layer opens.")
    may_accept: bool
