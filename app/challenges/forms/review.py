"""What a moderator may type."""

from typing import Literal

from pydantic import Field

from app.core.forms import FormModel
from app.core.i18n import N_


class ReviewForm(FormModel):
    """A moderator's decision."""

    labels = {"decision": N_("Decision"), "reason": N_("Reason")}

    decision: Literal["approve", "request_changes", "decline"]
    reason: str = Field("", max_length=4_000)
    version: int = 0
