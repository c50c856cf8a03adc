"""The demo's panel: a declared conflict, locked scores far apart, a discussion, a shortlist."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.challenges.models import ChallengeState
from app.challenges.queries import challenge_by_id
from app.evaluations.actions.scoring import apart, missing_sheets
from app.evaluations.models import Evaluator, EvaluatorState
from app.evaluations.queries import discussions_by_response, evaluators_of
from app.responses.models import Response, ResponseState
from app.responses.queries import handed_in
from app.reviews.policy import is_complete
from app.reviews.queries import decisions_by_response
from scripts.demo_panel import CHALLENGE
from tests.scripts.test_seed_demo import challenge_of


def answers(session: Session) -> dict[str, Response]:
    shown = challenge_of(session, CHALLENGE)
    return {response.organisation.slug: response for response in handed_in(session, shown.id)}


@pytest.mark.slow
def test_three_were_asked_and_one_declared_a_conflict(seeded: Session) -> None:
    panel = evaluators_of(seeded, challenge_of(seeded, CHALLENGE).id)

    assert [each.state for each in panel] == [EvaluatorState.DONE] * 2 + [EvaluatorState.RECUSED]


def test_one_spread_forced_a_discussion(seeded: Session) -> None:
    found = answers(seeded)

    far_apart = {slug for slug, response in found.items() if apart(seeded, response)}
    discussed = discussions_by_response(seeded, challenge_of(seeded, CHALLENGE).id)

    assert missing_sheets(seeded, found.values()) == 0
    assert far_apart == {"dunstkreis-messtechnik"}
    assert set(discussed) == {found["dunstkreis-messtechnik"].id}


def test_the_shortlist_is_released_with_reason_and_feedback(seeded: Session) -> None:
    shown = challenge_by_id(seeded, challenge_of(seeded, CHALLENGE).id)
    assert shown is not None
    decisions = decisions_by_response(seeded, shown.id).values()

    assert shown.state is ChallengeState.SHORTLISTED
    assert {slug: response.state for slug, response in answers(seeded).items()} == {
        "deichrad-fracht": ResponseState.SHORTLISTED,
        "velo-portefaix": ResponseState.SHORTLISTED,
        "dunstkreis-messtechnik": ResponseState.NOT_SHORTLISTED,
    }
    assert [is_complete(each, shown) and each.released_at is not None for each in decisions] == [
        True
    ] * 3


def test_whatever_waits_for_a_review_has_an_evaluator(seeded: Session) -> None:
    states = select(Evaluator).options(joinedload(Evaluator.challenge))
    waiting = {
        each.challenge_id
        for each in seeded.scalars(states)
        if each.challenge.state is ChallengeState.IN_REVIEW
    }

    assert len(waiting) == 2
