"""What the pages of an evaluation show, and what they keep back until it is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.challenges.models import Challenge, ChallengeState, Criterion, Mode
from app.challenges.policy import is_in_rounds
from app.core.database import DbSession
from app.core.errors import DomainError
from app.core.i18n import N_
from app.evaluations import policy, queries
from app.evaluations.actions.panel import require_panel
from app.evaluations.models import (
    Conflict,
    Discussion,
    Evaluator,
    EvaluatorState,
    ScoreSheet,
)
from app.responses.models import Response, ResponseState
from app.responses.policy import is_unsealed
from app.responses.queries import handed_in
from app.screenings.policy import TO_SCREEN, unscreened

SCALE = (
    N_("0 – not addressed"), N_("1 – poor"), N_("2 – fair"), N_("3 – good"), N_("4 – very good"),
    N_("5 – excellent"),
)  # fmt: skip
"""What the points mean."""
COMPARED_STATES = frozenset(ResponseState) - {
    ResponseState.DRAFT, ResponseState.WITHDRAWN, ResponseState.INELIGIBLE,
    ResponseState.DISQUALIFIED,
}  # fmt: skip


LEFT_STATES = TO_SCREEN | {ResponseState.ELIGIBLE, ResponseState.IN_EVALUATION}
"""States of an answer whose scores are still to come."""
BEFORE_EVALUATION = TO_SCREEN | {ResponseState.ELIGIBLE, ResponseState.INELIGIBLE}


@dataclass(frozen=True)
class PanelRow:
    """An evaluator, how far they are, and a conflict that came up since they declared."""

    evaluator: Evaluator
    locked: int
    conflict: Conflict | None

    @property
    def may_dismiss(self) -> bool:
        """Whether they can still be taken out."""
        return self.evaluator.state in {EvaluatorState.PROPOSED, EvaluatorState.ACTIVE}


@dataclass(frozen=True)
class PanelPage:
    """Who evaluates, and what is missing before they begin."""

    rows: Sequence[PanelRow]
    answer_count: int
    to_screen: int
    may_propose: bool
    may_start: bool
    is_round: bool
    """Whether starting means a round, while the challenge stays open."""
    is_begun: bool
    missing: DomainError | None


def panel_page(session: DbSession, challenge: Challenge, *, now: datetime) -> PanelPage:
    """Return the panel of a challenge; no answer is quoted on its page."""
    responses = handed_in(session, challenge.id)
    eligible = [r for r in responses if r.state is ResponseState.ELIGIBLE]
    is_closed = challenge.state is ChallengeState.CLOSED
    is_round = is_in_rounds(challenge)
    parties = queries.parties_of(session, responses)
    missing: DomainError | None = None
    try:
        require_panel(session, challenge, eligible, at=now, parties=parties)
    except DomainError as refusal:
        missing = refusal
    to_screen = len(unscreened(responses))
    return PanelPage(
        rows=_panel_rows(
            session, challenge, now, parties if is_unsealed(challenge, now=now) else {}
        ),
        answer_count=len(responses),
        to_screen=to_screen,
        may_propose=challenge.state in policy.PANEL_STATES,
        may_start=missing is None and (bool(eligible) if is_round else is_closed and not to_screen),
        is_round=is_round,
        is_begun=any(r.state not in BEFORE_EVALUATION for r in responses),
        missing=missing if is_closed or (is_round and eligible) else None,
    )


def _panel_rows(
    session: DbSession, challenge: Challenge, now: datetime, parties: Mapping[int, policy.Party]
) -> list[PanelRow]:
    sheets = [sheet for sheet in queries.sheets_of(session, challenge.id) if sheet.locked_at]
    rows = []
    for evaluator in queries.evaluators_of(session, challenge.id):
        conflict = evaluator.recusal
        if conflict is None and parties:
            found = queries.conflicts_of(
                session, evaluator.user, challenge, now=now, parties=parties
            )
            conflict = next((kinds[0] for kinds in found.values()), None)
        locked = sum(sheet.evaluator_id == evaluator.id for sheet in sheets)
        rows.append(PanelRow(evaluator, locked, conflict))
    return rows


@dataclass(frozen=True)
class Worklist:
    """The answers that an evaluator scores, each with their own sheet if there is one."""

    rows: Sequence[tuple[Response, ScoreSheet | None]]
    left: int
    undeclared: int
    """How many answers have come in about which they have not declared yet."""


def worklist(session: DbSession, challenge: Challenge, evaluator: Evaluator) -> Worklist:
    """Return what this evaluator has scored and what is left."""
    sheets = {
        sheet.response_id: sheet
        for sheet in queries.sheets_of(session, challenge.id)
        if sheet.evaluator_id == evaluator.id
    }
    rows = [
        (response, sheets.get(response.id))
        for response in handed_in(session, challenge.id)
        if response.state in _shown_states(challenge)
    ]
    left = sum(
        response.state in LEFT_STATES and (sheet is None or sheet.locked_at is None)
        for response, sheet in rows
    )
    behind = queries.undeclared(session, challenge, evaluator)
    return Worklist(rows, left, len(behind))


def _shown_states(challenge: Challenge) -> frozenset[ResponseState]:
    """Return the states of answers that evaluators see; in rounds only what has come to them."""
    if is_in_rounds(challenge):
        return COMPARED_STATES - TO_SCREEN - {ResponseState.ELIGIBLE}
    return COMPARED_STATES


@dataclass(frozen=True)
class SheetPage:
    """An evaluator's sheet, and those of others once this one is locked."""

    sheet: ScoreSheet | None
    others: Sequence[ScoreSheet]
    is_open: bool


def sheet_page(session: DbSession, response: Response, evaluator: Evaluator) -> SheetPage:
    """Return what stands beside the answer that an evaluator scores."""
    own = queries.sheet_by(session, evaluator, response.id)
    is_locked = own is not None and own.locked_at is not None
    others = [
        sheet
        for sheet in queries.sheets_of(session, response.challenge_id)
        if sheet.response_id == response.id and sheet.evaluator_id != evaluator.id
    ]
    return SheetPage(
        sheet=own,
        others=[sheet for sheet in others if is_locked and sheet.locked_at],
        is_open=response.state is ResponseState.IN_EVALUATION and not is_locked,
    )


@dataclass(frozen=True)
class Column:
    """One answer in the comparison; sheets are empty while this person may not see them."""

    response: Response
    sheets: Sequence[ScoreSheet]
    scored: int
    mean: float | None
    means: Mapping[int, float]
    """Mean points by criterion id."""
    apart: Sequence[Criterion]
    discussion: Discussion | None


@dataclass(frozen=True)
class Comparison:
    """All answers side by side, the best judged first."""

    columns: Sequence[Column]
    evaluator_count: int
    may_discuss: bool


def comparison(
    session: DbSession, challenge: Challenge, evaluator: Evaluator | None, *, may_record: bool
) -> Comparison:
    """Return the comparison for an evaluator, or for those who decide (``None``).

    Evaluators see what others gave for an answer once they have locked their own sheet; those
    who decide see it once every evaluator has.
    """
    evaluators = queries.scoring_evaluators(session, challenge.id)
    sheets = [sheet for sheet in queries.sheets_of(session, challenge.id) if sheet.locked_at]
    discussions = queries.discussions_by_response(session, challenge.id)
    columns = [
        _column(
            response,
            [sheet for sheet in sheets if sheet.response_id == response.id],
            _may_see(response, sheets, evaluators, evaluator),
            discussions.get(response.id),
        )
        for response in handed_in(session, challenge.id)
        if response.state in (_shown_states(challenge) if evaluator else COMPARED_STATES)
    ]
    columns.sort(key=lambda column: -(column.mean or 0))
    is_scored = any(c.response.state is ResponseState.IN_EVALUATION for c in columns)
    return Comparison(columns, len(evaluators), is_scored and may_record)


def _may_see(
    response: Response,
    sheets: Sequence[ScoreSheet],
    evaluators: Sequence[Evaluator],
    viewer: Evaluator | None,
) -> bool:
    locked = {sheet.evaluator_id for sheet in sheets if sheet.response_id == response.id}
    awaited = {viewer.id} if viewer else {evaluator.id for evaluator in evaluators}
    return awaited <= locked


def _column(
    response: Response,
    sheets: Sequence[ScoreSheet],
    may_see: bool,  # noqa: FBT001 -- decided by the caller, named there
    discussion: Discussion | None,
) -> Column:
    criteria = response.challenge.criteria
    shown = sheets if may_see else []
    return Column(
        response=response,
        sheets=shown,
        scored=len(sheets),
        mean=policy.mean_total(shown, criteria),
        means=policy.mean_points(shown, criteria),
        apart=policy.far_apart(shown, criteria),
        discussion=discussion if may_see else None,
    )


def publication_check(session: DbSession, challenge: Challenge) -> str | None:
    """Return what is missing while nobody is asked to evaluate; a consultation chooses nobody."""
    if challenge.mode is Mode.CONSULTATION or queries.has_panel(session, challenge):
        return None
    return N_("Name at least one evaluator on the panel first.")
