"""What the owner types about one answer, and what a selected organisation replies."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from starlette.datastructures import FormData

from app.challenges.models import Challenge, Criterion
from app.core.errors import WrongEntry
from app.core.forms import Form, FormModel
from app.core.i18n import N_, gettext
from app.reviews.actions.deciding import Judgement, Remark
from app.reviews.models import Decision, Outcome

MIN_LENGTH = 20
Explanation = Annotated[str, Field(min_length=MIN_LENGTH, max_length=5_000)]
Text = Annotated[str, Field(max_length=5_000)]


class RemarkRow(FormModel):
    """Feedback by one criterion."""

    strength: Text = ""
    gap: Text = ""


class DecisionForm(FormModel):
    """A decision with what the responder is owed: reason, strengths and gaps."""

    version: int
    outcome: Outcome
    reason: Explanation
    feedback: list[RemarkRow] = []
    strengths: Text = ""
    gaps: Text = ""
    reserve_place: int | None = Field(None, ge=1, le=99)

    labels: ClassVar = {
        "outcome": N_("Decision"),
        "reason": N_("Reason"),
        "strengths": N_("Strengths"),
        "gaps": N_("Gaps"),
        "feedback[].strength": N_("Strength"),
        "feedback[].gap": N_("Gap"),
        "reserve_place": N_("Place in the reserve"),
    }
    words: ClassVar = {
        "outcome:missing": N_("Choose a decision."),
        "reason:missing": N_("Write the reason: the responder will read it."),
        "reason:string_too_short": N_("Reason: write at least 20 characters."),
    }

    def judgement(self, criteria: Sequence[Criterion]) -> Judgement:
        """Return what was typed, as the action takes it; remarks stand in order of the criteria."""
        rows = zip(criteria, self.feedback, strict=False)
        return Judgement(
            outcome=self.outcome,
            reason=self.reason,
            remarks={criterion.id: Remark(row.strength, row.gap) for criterion, row in rows},
            strengths=self.strengths,
            gaps=self.gaps,
            reserve_place=self.reserve_place if self.outcome is Outcome.RESERVE else None,
        )


def read_decision(data: FormData, challenge: Challenge) -> Form[DecisionForm]:
    """Check what was typed, and that no feedback owed is left out."""
    form = Form.read(DecisionForm, data)
    for name, words, code in _owed(challenge):
        if len(form.get(name).strip()) < MIN_LENGTH:
            form = form.refused(WrongEntry(words, code=code), on=name)
    return form


def lacking(typed: DecisionForm, challenge: Challenge) -> dict[str, str]:
    """Return field → words for all feedback that is owed and left out."""
    given = {"strengths": typed.strengths, "gaps": typed.gaps}
    for index, row in enumerate(typed.feedback):
        given[f"feedback[{index}].strength"] = row.strength
        given[f"feedback[{index}].gap"] = row.gap
    return {
        name: gettext(words) % {"code": code}
        for name, words, code in _owed(challenge)
        if len(given.get(name, "")) < MIN_LENGTH
    }


def _owed(challenge: Challenge) -> list[tuple[str, str, str]]:
    """Return field, message and criterion of every feedback that is owed."""
    strength = N_("%(code)s: name a strength, in at least 20 characters.")
    gap = N_("%(code)s: name a gap, in at least 20 characters: what would have made it better?")
    rows = [
        entry
        for index, criterion in enumerate(challenge.main_criteria)
        for entry in (
            (f"feedback[{index}].strength", strength, criterion.code),
            (f"feedback[{index}].gap", gap, criterion.code),
        )
    ]
    in_one_text = [
        ("strengths", N_("Name strengths, in at least 20 characters."), ""),
        ("gaps", N_("Name gaps, in at least 20 characters."), ""),
    ]
    return rows or in_one_text


def stored_fields(decision: Decision | None, challenge: Challenge) -> dict[str, Any]:
    """Return the raw fields that show a stored decision in the form."""
    if decision is None:
        return {"version": "0"}
    raw = {
        "version": str(decision.version),
        "outcome": decision.outcome.value,
        "reason": decision.reason,
        "strengths": decision.strengths,
        "gaps": decision.gaps,
        "reserve_place": str(decision.reserve_place or ""),
    }
    given = {feedback.criterion_id: feedback for feedback in decision.feedback}
    for index, criterion in enumerate(challenge.main_criteria):
        if feedback := given.get(criterion.id):
            raw[f"feedback[{index}].strength"] = feedback.strength
            raw[f"feedback[{index}].gap"] = feedback.gap
    return raw


class ReplyForm(FormModel):
    """Whether a selected organisation takes the selection."""

    reply: Literal["accept", "refuse"]
    reason: Text = ""

    labels: ClassVar = {"reply": N_("Your reply"), "reason": N_("Reason")}
    words: ClassVar = {"reply:missing": N_("Say whether you accept the selection.")}


class WaiverForm(FormModel):
    """Why decisions are prepared without the missing reviews."""

    reason: Explanation

    labels: ClassVar = {"reason": N_("Reason")}
    words: ClassVar = {"reason:missing": N_("Say why you do not wait for the missing reviews.")}
