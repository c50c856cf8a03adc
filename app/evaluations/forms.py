"""What people type around an evaluation."""

from typing import Annotated, Any, ClassVar

from pydantic import EmailStr, Field

from app.core.forms import FormModel, TypedDate
from app.core.i18n import N_
from app.evaluations.actions.scoring import Filled, Points
from app.evaluations.models import DECLARABLE, MAX_POINTS, TIE_KINDS, Conflict, ScoreSheet

NO_CONFLICT = "none"
Comment = Annotated[str, Field(max_length=3_000)]


class ProposalForm(FormModel):
    """Who is asked to evaluate."""

    email: EmailStr

    labels: ClassVar = {"email": N_("E-mail")}
    words: ClassVar = {
        "email:missing": N_("Enter the e-mail address of the evaluator."),
        "email:value_error": N_("Enter an e-mail address, such as name@example.org."),
    }


class DeclarationRow(FormModel):
    """Whether there is a conflict with those behind one answer, and of which sort."""

    response_id: int
    conflict: Annotated[str, Field(pattern="^(" + "|".join((NO_CONFLICT, *DECLARABLE)) + ")$")]


class DeclarationForm(FormModel):
    """One line for each answer, and that the whole is true."""

    rows: list[DeclarationRow] = []
    is_true: bool = Field(alias="true")

    labels: ClassVar = {
        "rows": N_("Conflicts of interest"),
        "rows[].conflict": N_("Conflict of interest"),
        "true": N_("This is true"),
    }
    words: ClassVar = {
        "rows[].conflict:missing": N_("Say for every answer whether there is a conflict."),
        "rows[].conflict:string_pattern_mismatch": N_(
            "Say for every answer whether there is a conflict."
        ),
        "true:missing": N_("Confirm that your declaration is true."),
    }

    def declared(self) -> dict[int, Conflict]:
        """Return the sort of conflict by response id, answers without one left out."""
        return {
            row.response_id: Conflict(row.conflict)
            for row in self.rows
            if row.conflict != NO_CONFLICT
        }


class ScoreRow(FormModel):
    """Points and a comment for one criterion; both may still be missing."""

    criterion_id: int
    points: int | None = Field(None, ge=0, le=MAX_POINTS)
    comment: Comment = ""


class ScoreForm(FormModel):
    """A score sheet."""

    version: int
    rows: list[ScoreRow] = []

    labels: ClassVar = {"rows[].points": N_("Points"), "rows[].comment": N_("Comment")}

    def filled(self) -> Filled:
        """Return what was typed, as the action takes it."""
        points = {row.criterion_id: Points(row.points, row.comment) for row in self.rows}
        return Filled(points, self.version)


def stored_sheet(sheet: ScoreSheet | None, criterion_ids: list[int]) -> dict[str, Any]:
    """Return the raw fields that show a stored sheet in the form."""
    raw = {"version": str(sheet.version if sheet else 0)}
    scores = {score.criterion_id: score for score in sheet.scores} if sheet else {}
    for index, criterion_id in enumerate(criterion_ids):
        score = scores.get(criterion_id)
        raw[f"rows[{index}].criterion_id"] = str(criterion_id)
        raw[f"rows[{index}].comment"] = score.comment if score else ""
        has_points = score is not None and score.points is not None
        raw[f"rows[{index}].points"] = str(score.points) if score and has_points else ""
    return raw


class DiscussionForm(FormModel):
    """What was said."""

    text: Annotated[str, Field(min_length=40, max_length=10_000)]

    labels: ClassVar = {"text": N_("What was discussed, and with what result")}
    words: ClassVar = {"text:missing": N_("Write down what was said.")}


class TieForm(FormModel):
    """A tie to an organisation."""

    organisation: Annotated[str, Field(max_length=200)]
    kind: Annotated[str, Field(pattern="^(" + "|".join(TIE_KINDS) + ")$")]
    ended_on: TypedDate | None = None

    labels: ClassVar = {
        "organisation": N_("Organisation"),
        "kind": N_("What ties you"),
        "ended_on": N_("Last day"),
    }
    words: ClassVar = {
        "organisation:missing": N_("Name the organisation."),
        "kind:missing": N_("Say what ties you to it."),
        "kind:string_pattern_mismatch": N_("Say what ties you to it."),
    }
