"""What people type in a case against an answer."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.core.forms import FormModel
from app.core.i18n import N_

Explanation = Annotated[str, Field(min_length=20, max_length=5_000)]


class CaseForm(FormModel):
    """What is held against an answer."""

    evidence: Explanation

    labels: ClassVar = {"evidence": N_("Evidence")}
    words: ClassVar = {"evidence:missing": N_("Write what is held against this answer.")}


class CaseReplyForm(FormModel):
    """What the organisation says to it."""

    reply: Annotated[str, Field(max_length=10_000)]

    labels: ClassVar = {"reply": N_("Your reply")}
    words: ClassVar = {"reply:missing": N_("Write your reply.")}


class SettlementForm(FormModel):
    """How the case ends, and why."""

    decision: Literal["confirm", "lift"]
    reason: Explanation

    labels: ClassVar = {"decision": N_("Decision"), "reason": N_("Reason")}
    words: ClassVar = {
        "decision:missing": N_("Say whether you confirm or lift it."),
        "reason:missing": N_("Write the reason: both sides will read it."),
    }
