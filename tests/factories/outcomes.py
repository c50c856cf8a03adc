"""Questions about what came of a challenge."""

from app.challenges.models import Challenge
from app.organisations.models import Organisation
from app.outcomes.models import Outcome, OutcomeQuestion
from tests.factories import EARLIER, save


def make_outcome_question(
    challenge: Challenge,
    organisation: Organisation,
    *,
    outcome: Outcome | None = None,
    is_public: bool = False,
) -> OutcomeQuestion:
    """Return a question that waits, or one that was answered with a contract's worth."""
    return save(
        OutcomeQuestion(
            challenge=challenge,
            organisation=organisation,
            asked_at=EARLIER,
            outcome=outcome,
            amount_eur=31_000 if outcome else None,
            note="They run it now." if outcome else "",
            is_public=is_public,
            answered_at=EARLIER if outcome else None,
            answered_by_name="Ada Example" if outcome else "",
        )
    )
