"""Scores, the comparison, and recorded discussions."""

from fastapi import Response as HttpResponse

from app.accounts.models import Scope
from app.challenges.access import ViewableChallenge
from app.core.clock import Now
from app.core.database import DbSession
from app.core.json_api import ApiRouter, SeenVersion, tag
from app.core.outbox import RequestOutbox
from app.evaluations import pages
from app.evaluations.access import (
    ComparedChallenge,
    DiscussedResponse,
    Scored,
    ScoredResponse,
    ScoringPart,
)
from app.evaluations.actions import scoring
from app.evaluations.actions.scoring import Filled
from app.evaluations.schemas import (
    ColumnShown,
    ComparisonShown,
    Discussed,
    Named,
    Scores,
    Scoring,
    SheetShown,
    WorklistShown,
    WorkShown,
)
from app.organisations.access import SignedInActor
from app.responses.schemas import ResponseShown

router = ApiRouter("evaluations")
READ, WRITE = Scope.REVIEWS_READ, Scope.REVIEWS_WRITE
SCORES = "/responses/{response_id}/scores"


@router.read(
    "/challenges/{challenge_id}/evaluation",
    "worklist",
    scope=READ,
    twin="evaluations:worklist",
)
def show_worklist(
    challenge: ViewableChallenge, evaluator: ScoringPart, session: DbSession
) -> WorklistShown:
    """List the answers that you score."""
    shown = pages.worklist(session, challenge, evaluator)
    return WorklistShown(
        rows=[
            WorkShown(response=Named.of(response), sheet=SheetShown.of(sheet) if sheet else None)
            for response, sheet in shown.rows
        ],
        left=shown.left,
    )


@router.read(SCORES, "scores", scope=READ, twin="evaluations:scores")
def show_scores(answer: HttpResponse, scored: ScoredResponse, session: DbSession) -> Scoring:
    """Show an answer, your sheet on it, and those of others once yours is locked."""
    return _shown(answer, session, scored)


@router.act(SCORES, "score", scope=WRITE, twin="evaluations:score", method="PUT")
def save_scores(
    answer: HttpResponse,
    scored: ScoredResponse,
    seen: SeenVersion,
    typed: Scores,
    session: DbSession,
    now: Now,
) -> Scoring:
    """Save your scores; nobody sees them before they are locked."""
    filled = Filled(typed.filled().points, seen)
    scoring.save(session, scored.evaluator, scored.response, filled, at=now)
    session.flush()
    return _shown(answer, session, scored)


@router.act(f"{SCORES}/lock", "lock", scope=WRITE, twin="evaluations:score")
def lock_scores(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    answer: HttpResponse,
    scored: ScoredResponse,
    seen: SeenVersion,
    typed: Scores,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> Scoring:
    """Lock your scores for good, and see those of others."""
    filled = Filled(typed.filled().points, seen)
    evaluator, response = scored.evaluator, scored.response
    scoring.lock(session, evaluator, response, filled, by=actor, outbox=outbox)
    session.flush()
    return _shown(answer, session, scored)


def _shown(answer: HttpResponse, session: DbSession, scored: Scored) -> Scoring:
    shown = pages.sheet_page(session, scored.response, scored.evaluator)
    tag(answer, shown.sheet.version if shown.sheet else 0)
    return Scoring(
        response=ResponseShown.whole(scored.response, is_own=False),
        own=SheetShown.of(shown.sheet) if shown.sheet else None,
        others=[SheetShown.of(sheet) for sheet in shown.others],
        is_open=shown.is_open,
    )


@router.read(
    "/challenges/{challenge_id}/comparison",
    "comparison",
    scope=READ,
    twin="evaluations:comparison",
)
def show_comparison(compared: ComparedChallenge, session: DbSession) -> ComparisonShown:
    """Compare all answers, as far as you may see their scores."""
    shown = pages.comparison(
        session, compared.challenge, compared.evaluator, may_record=compared.may_record
    )
    return ComparisonShown(
        columns=[ColumnShown.of(column) for column in shown.columns],
        evaluator_count=shown.evaluator_count,
        may_discuss=shown.may_discuss,
    )


@router.act(
    "/responses/{response_id}/discussion",
    "discuss",
    scope=WRITE,
    twin="evaluations:discuss",
    method="PUT",
)
def record_discussion(
    response: DiscussedResponse,
    typed: Discussed,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Named:
    """Record what was said where scores were far apart."""
    scoring.discuss(session, response, typed.text, by=actor, at=now)
    return Named.of(response)
