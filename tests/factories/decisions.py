"""Decisions on answers."""

from collections.abc import Sequence

from sqlalchemy import select

from app.challenges.models import TOTAL_WEIGHT, Criterion
from app.responses.models import Response
from app.reviews.models import Decision, Feedback, Outcome
from tests.factories import EARLIER, find, save


def make_decision(response: Response, *, outcome: Outcome = Outcome.NOT_SELECTED) -> Decision:
    """Return a prepared decision with reason and feedback."""
    return save(
        Decision(
            response_id=response.id,
            outcome=outcome,
            reason="The berth has no room for the arm.",
            strengths="",
            gaps="",
            feedback=[
                Feedback(
                    criterion_id=criterion.id,
                    strength="A quick connection, shown in use.",
                    gap="Nothing on salt and ice in winter.",
                )
                for criterion in _main_criteria(response)
            ],
            prepared_by_name="Olga Owner",
            prepared_at=EARLIER,
        )
    )


def _main_criteria(response: Response) -> Sequence[Criterion]:
    every = find(select(Criterion).where(Criterion.challenge_id == response.challenge_id))
    return [criterion for criterion in every if criterion.weight * len(every) >= TOTAL_WEIGHT]
