"""Panels, scores and comparisons as the API shows them, and what evaluators send."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.core.json_api import Body, Shown, example
from app.evaluations.forms import DeclarationForm, DiscussionForm, ProposalForm, ScoreForm, TieForm
from app.evaluations.models import Conflict, Evaluator, EvaluatorState, ScoreSheet, Tie
from app.evaluations.pages import Column, PanelRow
from app.organisations.schemas import OrganisationRef
from app.responses.models import Response
from app.responses.schemas import ResponseShown


class Proposal(ProposalForm, Body):
    """Who is asked to evaluate."""


class Declaration(DeclarationForm, Body):
    """For every answer a conflict or `none`, and that the whole is true."""

    model_config = example(rows=[{"response_id": 7, "conflict": "none"}], true=True)


class Scores(ScoreForm, Body):
    """Points and comments by criterion."""

    model_config = example(
        rows=[{"criterion_id": 3, "points": 4, "comment": "Tested in winter, see page 12."}],
    )

    version: SkipJsonSchema[int] = 0


class Discussed(DiscussionForm, Body):
    """What was said."""


class TieWritten(TieForm, Body):
    """A tie to the organisation of this name."""

    model_config = example(organisation="Quay Plug", kind="former_employer", ended_on="2029-12-31")


class TieShown(Shown):
    """What ties you to an organisation."""

    id: int
    organisation: OrganisationRef
    kind: Conflict
    ended_on: date | None = Field(description="Its last day; null while it lasts.")
    noted_at: datetime

    @classmethod
    def of(cls, tie: Tie) -> Self:
        """Return a tie that has its organisation loaded."""
        return cls(
            id=tie.id,
            organisation=OrganisationRef.of(tie.organisation),
            kind=tie.kind,
            ended_on=tie.ended_on,
            noted_at=tie.noted_at,
        )


class EvaluatorShown(Shown):
    """A person on the panel."""

    id: int
    name: str
    state: EvaluatorState
    recusal: Conflict | None
    locked: int = Field(description="How many answers they have scored for good.")
    conflict: Conflict | None = Field(description="One that is known now, declared or not.")

    @classmethod
    def of(cls, row: PanelRow) -> Self:
        """Return an evaluator and how far they are."""
        return cls(
            id=row.evaluator.id,
            name=row.evaluator.user.name,
            state=row.evaluator.state,
            recusal=row.evaluator.recusal,
            locked=row.locked,
            conflict=row.conflict,
        )


class PanelShown(Shown):
    """Who evaluates, and what is missing before they begin."""

    evaluators: Sequence[EvaluatorShown]
    to_screen: int
    may_start: bool
    missing: str


class Part(Shown):
    """Your own part in a panel."""

    evaluator_id: int
    state: EvaluatorState
    recusal: Conflict | None

    @classmethod
    def of(cls, evaluator: Evaluator) -> Self:
        """Return somebody's own part."""
        return cls(evaluator_id=evaluator.id, state=evaluator.state, recusal=evaluator.recusal)


class Named(Shown):
    """An answer as known before the declaration: its title and who wrote it."""

    response_id: int
    title: str
    organisations: Sequence[OrganisationRef]

    @classmethod
    def of(cls, response: Response) -> Self:
        """Return the names of an answer, and nothing else."""
        behind = [response.organisation, *(each.organisation for each in response.partners)]
        return cls(
            response_id=response.id,
            title=response.title,
            organisations=[OrganisationRef.of(each) for each in behind],
        )


class DeclarationShown(Part):
    """Your part, and the answers to declare about."""

    responses: Sequence[Named]


class ScoreShown(Shown):
    """Points and a comment for one criterion."""

    criterion_id: int
    points: int | None
    comment: str


class SheetShown(Shown):
    """What one evaluator thinks of one answer."""

    response_id: int
    evaluator_id: int
    scores: Sequence[ScoreShown]
    locked_at: datetime | None
    version: int = Field(description="For If-Match; 0 before the first save.")

    @classmethod
    def of(cls, sheet: ScoreSheet) -> Self:
        """Return a sheet."""
        return cls(
            response_id=sheet.response_id,
            evaluator_id=sheet.evaluator_id,
            scores=[
                ScoreShown(criterion_id=s.criterion_id, points=s.points, comment=s.comment)
                for s in sheet.scores
            ],
            locked_at=sheet.locked_at,
            version=sheet.version,
        )


class Scoring(Shown):
    """An answer, your sheet on it, and those of others once yours is locked."""

    response: ResponseShown = Field(description="The answer that you score.")
    own: SheetShown | None
    others: Sequence[SheetShown]
    is_open: bool


class WorkShown(Shown):
    """An answer that you score."""

    response: Named
    sheet: SheetShown | None


class WorklistShown(Shown):
    """The answers that you score."""

    rows: Sequence[WorkShown]
    left: int


class ColumnShown(Shown):
    """One answer in the comparison; without sheets while you may not see them."""

    response: Named
    scored: int
    mean: float | None
    means: dict[int, float] = Field(description="Mean points by criterion id.")
    apart: Sequence[int] = Field(description="Criteria on which a discussion is owed.")
    sheets: Sequence[SheetShown]
    discussion: str

    @classmethod
    def of(cls, column: Column) -> Self:
        """Return one answer beside the others."""
        return cls(
            response=Named.of(column.response),
            scored=column.scored,
            mean=column.mean,
            means=dict(column.means),
            apart=[criterion.id for criterion in column.apart],
            sheets=[SheetShown.of(sheet) for sheet in column.sheets],
            discussion=column.discussion.text if column.discussion else "",
        )


class ComparisonShown(Shown):
    """All answers side by side, the best judged first."""

    columns: Sequence[ColumnShown]
    evaluator_count: int
    may_discuss: bool
