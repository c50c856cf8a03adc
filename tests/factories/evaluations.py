"""Evaluators, their ties to organisations, and their score sheets."""

from datetime import date, timedelta

from sqlalchemy import select

from app.accounts.models import User
from app.challenges.models import Challenge, Criterion
from app.evaluations.models import (
    Conflict,
    Discussion,
    Evaluator,
    EvaluatorState,
    Score,
    ScoreSheet,
    Tie,
)
from app.organisations.models import Organisation
from app.responses.models import ReadingBar, Response
from tests.factories import EARLIER, find, save
from tests.factories.matches import make_match_run
from tests.factories.people import make_user

DECLARED = EARLIER + timedelta(minutes=1)
"""After the answers that were there."""


def make_evaluator(
    challenge: Challenge,
    user: User | None = None,
    *,
    state: EvaluatorState = EvaluatorState.ACTIVE,
) -> Evaluator:
    """Return a member of a panel; one who must not read the answers is barred from them."""
    user = user or make_user(name="Eva Evaluator the Elder")
    if state in {EvaluatorState.PROPOSED, EvaluatorState.RECUSED}:
        save(ReadingBar(challenge_id=challenge.id, user_id=user.id, created_at=EARLIER))
    return save(
        Evaluator(
            challenge_id=challenge.id,
            user=user,
            state=state,
            proposed_at=EARLIER,
            proposed_by_name="Olga Owner",
            declared_at=None if state is EvaluatorState.PROPOSED else DECLARED,
            recusal=Conflict.PERSONAL if state is EvaluatorState.RECUSED else None,
        )
    )


def make_publishable(challenge: Challenge) -> None:
    """Give a challenge what it needs beside its text: somebody who evaluates, and a match run."""
    make_evaluator(challenge, state=EvaluatorState.PROPOSED)
    make_match_run(challenge, at=challenge.submitted_at or EARLIER)


def make_sheet(
    evaluator: Evaluator, response: Response, *points: int | None, is_locked: bool = True
) -> ScoreSheet:
    """Return a score sheet with points for the criteria in their order."""
    theirs = select(Criterion).where(Criterion.challenge_id == response.challenge_id)
    criteria = find(theirs.order_by(Criterion.position))
    return save(
        ScoreSheet(
            evaluator_id=evaluator.id,
            response_id=response.id,
            saved_at=EARLIER,
            locked_at=EARLIER if is_locked else None,
            scores=[
                Score(
                    criterion_id=criterion.id,
                    points=given,
                    comment=f"Why {criterion.name.lower()} gets {given}.",
                )
                for criterion, given in zip(criteria, points, strict=True)
            ],
        )
    )


def make_discussion(response: Response) -> Discussion:
    """Return what was said about an answer."""
    return save(
        Discussion(
            response_id=response.id,
            text="We read the test report together and agree on three points.",
            recorded_at=EARLIER,
            recorded_by_name="Olga Owner",
        )
    )


def make_tie(
    organisation: Organisation,
    user: User | None = None,
    *,
    kind: Conflict = Conflict.BOARD_SEAT,
    ended_on: date | None = None,
) -> Tie:
    """Return what ties a person to an organisation."""
    user = user or make_user()
    return save(
        Tie(
            user_id=user.id,
            organisation_id=organisation.id,
            kind=kind,
            ended_on=ended_on,
            noted_at=EARLIER,
            noted_by_name=user.name,
        )
    )
