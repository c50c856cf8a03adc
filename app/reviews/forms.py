"""What the owner types about one answer."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.core.forms import FormModel
from app.core.i18n import N_
from app.reviews.actions import Judgement
from app.reviews.models import Decision, Outcome

Explanation = Annotated[str, Field(min_length=20, max_length=5_000)]


class DecisionForm(FormModel):
    """A decision with what the responder is owed: reason, strengths and gaps."""

    version: int
    outcome: Outcome
    reason: Explanation
    strengths: Explanation
    gaps: Explanation

    labels: ClassVar = {
        "outcome": N_("Decision"),
        "reason": N_("Reason"),
        "strengths": N_("Strengths"),
        "gaps": N_("Gaps"),
    }
    words: ClassVar = {
        "outcome:missing": N_("Choose a decision."),
        "reason:missing": N_("Write the reason: the responder will read it."),
        "reason:string_too_short": N_("Reason: write at least 20 characters."),
        "strengths:missing": N_("Name strengths: every answer gets feedback."),
        "strengths:string_too_short": N_("Strengths: write at least 20 characters."),
        "gaps:missing": N_("Name gaps: say what would have made the answer better."),
        "gaps:string_too_short": N_("Gaps: write at least 20 characters."),
    }

    def judgement(self) -> Judgement:
        """Return what was typed, as the action takes it."""
        return Judgement(self.outcome, self.reason, self.strengths, self.gaps)


def stored_fields(decision: Decision | None) -> dict[str, Any]:
    """Return the raw fields that show a stored decision in the form."""
    if decision is None:
        return {"version": "0"}
    return {
        "version": str(decision.version),
        "outcome": decision.outcome.value,
        "reason": decision.reason,
        "strengths": decision.strengths,
        "gaps": decision.gaps,
    }
