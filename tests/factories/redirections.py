"""Second lives of answers."""

from app.challenges.models import Challenge
from app.redirections.models import Consent, Proposal
from app.responses.models import Response
from tests.factories import EARLIER, save
from tests.factories.challenges import make_challenge


def make_consent(response: Response) -> Consent:
    """Return the consent of an answer's organisation."""
    return save(Consent(response_id=response.id, given_at=EARLIER, given_by_name="Ada Example"))


def make_proposal(response: Response, target: Challenge | None = None) -> Proposal:
    """Return a proposal that waits, for an open challenge (new unless given)."""
    target = target or make_challenge()
    return save(
        Proposal(
            response_id=response.id,
            target_id=target.id,
            note="Their quay has the same problem.",
            proposed_at=EARLIER,
            proposed_by_name="Cleo Curator",
        )
    )
