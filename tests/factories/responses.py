"""Answers in any state."""

from app.challenges.models import Challenge
from app.organisations.models import Organisation
from app.responses.models import RequirementAnswer, Response, ResponseState
from tests.factories import EARLIER, save
from tests.factories.challenges import make_challenge
from tests.factories.people import make_organisation


def make_response(
    challenge: Challenge | None = None,
    organisation: Organisation | None = None,
    *,
    state: ResponseState = ResponseState.SUBMITTED,
    title: str = "A plug that a deckhand can carry",
) -> Response:
    """Return a complete answer."""
    challenge = challenge or make_challenge()
    organisation = organisation or make_organisation()
    return save(
        Response(
            challenge=challenge,
            organisation=organisation,
            state=state,
            lang="en",
            title=title,
            approach="We mount a crane arm that brings the plug to the ferry in four minutes.",
            timeline="Ready for the berth within ten weeks.",
            price_eur=48_000,
            contact="Ada Example",
            created_at=EARLIER,
            updated_at=EARLIER,
            submitted_at=None if state is ResponseState.DRAFT else EARLIER,
            requirement_answers=[
                RequirementAnswer(requirement_id=requirement.id, text="Shown at a berth in 2029.")
                for requirement in challenge.requirements
            ],
        )
    )
