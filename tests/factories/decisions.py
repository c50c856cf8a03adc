"""Decisions on answers."""

from app.responses.models import Response
from app.reviews.models import Decision, Feedback, Outcome
from tests.factories import EARLIER, save


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
                for criterion in response.challenge.main_criteria
            ],
            prepared_by_name="Olga Owner",
            prepared_at=EARLIER,
        )
    )
