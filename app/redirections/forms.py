"""What is typed about the second life of an answer."""

from typing import Annotated, ClassVar

from pydantic import Field

from app.core.forms import FormModel
from app.core.i18n import N_


class TargetForm(FormModel):
    """Which challenge is meant."""

    target_id: int

    labels: ClassVar = {"target_id": N_("Other challenge")}
    words: ClassVar = {
        "target_id:missing": N_("Choose the other challenge."),
        "target_id:int_parsing": N_("Choose the other challenge."),
    }


class ProposalForm(TargetForm):
    """Which challenge, and why the answer fits it."""

    note: Annotated[str, Field(max_length=1000)]

    labels: ClassVar = {**TargetForm.labels, "note": N_("Why the answer fits")}
    words: ClassVar = {**TargetForm.words, "note:missing": N_("Say why the answer fits.")}
