"""What the owner types about one answer, and what a selected organisation replies."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from starlette.datastructures import FormData

from app.challenges.models import Challenge, Criterion, Mode
from app.core.errors import WrongEntry
from app.core.forms import Form, FormModel
from app.core.i18n import N_, gettext
from app.responses.models import Response
from app.reviews.actions.acknowledging import Acknowledgement
from app.reviews.actions.deciding import Judgement, Remark
from app.reviews.models import Decision, Outcome
from app.reviews.policy import judged_by

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
        for index, criterion in enumerate(judged_by(challenge))
        for entry in (
            (f"feedback[{index}].strength", strength, criterion.code),
            (f"feedback[{index}].gap", gap, criterion.code),
        )
    ]
    if challenge.mode is Mode.CONSULTATION:
        return [(name, words, "") for name, words in OWED_FEEDBACK.items() if name != "reason"]
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
    for index, criterion in enumerate(judged_by(challenge)):
        if feedback := given.get(criterion.id):
            raw[f"feedback[{index}].strength"] = feedback.strength
            raw[f"feedback[{index}].gap"] = feedback.gap
    return raw


OWED_FEEDBACK = {
    "strengths": N_("Say what you take from this answer, in at least 20 characters."),
    "gaps": N_("Say what was missing or would have helped, in at least 20 characters."),
    "reason": N_("Say why, and what follows, in at least 20 characters."),
}
"""What everybody who answers a market consultation is told, with the words when it is missing."""


class FeedbackRow(FormModel):
    """Feedback on one answer to a market consultation; without any text it stays as it was."""

    response_id: int
    version: int = 0
    strengths: Text = ""
    gaps: Text = ""
    reason: Text = ""

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, by field."""
        return {name: getattr(self, name) for name in OWED_FEEDBACK}

    def judgement(self) -> Judgement:
        """Return what was typed, as the action takes it."""
        return Judgement(
            Outcome.ACKNOWLEDGED,
            self.reason,
            remarks={},
            strengths=self.strengths,
            gaps=self.gaps,
        )


class FeedbackForm(FormModel):
    """Feedback on several answers to a market consultation, a text for each."""

    rows: list[FeedbackRow] = Field([], max_length=500)

    labels: ClassVar = {
        "rows[].strengths": N_("What we take from it"),
        "rows[].gaps": N_("What was missing"),
        "rows[].reason": N_("Why, and what follows"),
    }

    def judgements(self) -> dict[int, Acknowledgement]:
        """Return what was typed, as the action takes it: by response id."""
        return {
            row.response_id: Acknowledgement(row.judgement(), row.version) for row in self.written
        }

    @property
    def written(self) -> list[FeedbackRow]:
        """The rows in which something is typed."""
        return [row for row in self.rows if any(row.texts.values())]


def lacking_feedback(typed: FeedbackForm) -> dict[str, str]:
    """Return field → words for what is left out in rows that somebody has begun."""
    return {
        f"rows[{index}].{name}": gettext(words)
        for index, row in enumerate(typed.rows)
        if row in typed.written
        for name, words in OWED_FEEDBACK.items()
        if len(row.texts[name]) < MIN_LENGTH
    }


def read_feedback(data: FormData) -> Form[FeedbackForm]:
    """Check what was typed, and that no row is half written."""
    form = Form.read(FeedbackForm, data)
    owed = lacking_feedback(form.value) if form.value else {}
    return replace(form, errors=owed, value=None) if owed else form


def feedback_fields(rows: Sequence[tuple[Response, Decision | None]]) -> dict[str, str]:
    """Return the raw fields that show what is prepared."""
    raw: dict[str, str] = {}
    for index, (response, decision) in enumerate(rows):
        texts = {name: getattr(decision, name) if decision else "" for name in OWED_FEEDBACK}
        ids = {"response_id": response.id, "version": decision.version if decision else 0}
        raw |= {f"rows[{index}].{name}": str(text) for name, text in {**ids, **texts}.items()}
    return raw


def aligned(form: Form[FeedbackForm], responses: Sequence[Response]) -> Form[FeedbackForm]:
    """Return what was typed in the order of the answers as they stand now: one may have gone."""
    places = {str(response.id): index for index, response in enumerate(responses)}

    def moved(fields: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for name, value in fields.items():
            row, dot, field = name.partition("].")
            place = places.get(form.get(f"{row}].response_id")) if dot else None
            if place is not None:
                found[f"rows[{place}].{field}"] = value
            elif not dot:
                found[name] = value
        return found

    return replace(form, raw=moved(form.raw), errors=moved(form.errors))


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
