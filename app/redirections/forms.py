"""What is typed about the second life of an answer."""

from typing import Annotated, ClassVar

from pydantic import Field

from app.core.forms import FormModel
from app.core.i18n import N_


class TargetForm(FormModel):
    """Which challenge is meant."""

    target_id: Annotated[int, Field(ge=1, lt=2**31)]

    labels: ClassVar = {"target_id": N_("Other challenge")}
    words: ClassVar = {
        "target_id:missing": N_("Choose the other challenge."),
        "target_id:int_parsing": N_("Choose the other challenge."),
    }


class ConsentForm(FormModel):
    """Whether an answer may be proposed for other challenges."""

    allowed: bool = False

    labels: ClassVar = {"allowed": N_("May be proposed for other challenges")}


class ProposalForm(TargetForm):
    """Which challenge, and why the answer fits it."""

    note: Annotated[str, Field(max_length=1000)]

    labels: ClassVar = {**TargetForm.labels, "note": N_("Why the answer fits")}
    words: ClassVar = {**TargetForm.words, "note:missing": N_("Say why the answer fits.")}
