"""Objections to answers, and questions about them."""

from datetime import timedelta

from app.accounts.models import User
from app.responses.models import Response
from app.screenings.models import Ground, InformationRequest, Objection
from tests.factories import EARLIER, save


def make_objection(response: Response, *, by: User | None = None) -> Objection:
    """Return an objection that waits for the owner."""
    return save(
        Objection(
            response_id=response.id,
            ground=Ground.CONDITIONS,
            reason="The pilot would take a year instead of three months.",
            repair="A first part that is done within three months.",
            raised_at=EARLIER,
            raised_by_id=by.id if by else None,
            raised_by_name="Cleo Curator",
        )
    )


def make_information_request(response: Response) -> InformationRequest:
    """Return a question that is open for ten days."""
    return save(
        InformationRequest(
            response_id=response.id,
            question="At which voltage was the arm tested?",
            asked_at=EARLIER,
            asked_by_name="Cleo Curator",
            due_at=EARLIER + timedelta(days=10),
        )
    )
