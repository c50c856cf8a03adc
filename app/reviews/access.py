"""The only way a route gets an answer, or several, to decide on."""

from typing import Annotated

from fastapi import Depends

from app.challenges.access import OwnedChallenge
from app.challenges.models import Challenge
from app.core.errors import Forbidden
from app.core.i18n import N_
from app.organisations.access import SignedInActor
from app.responses.access import ReceivedChallenge, ViewableResponse
from app.responses.models import Response
from app.reviews import policy


async def get_decidable_response(response: ViewableResponse, actor: SignedInActor) -> Response:
    """Return an answer on which this person may decide, in whatever state.

    :raises NotFound: if it is absent, not for them, or still sealed
    :raises Forbidden: if others decide
    """
    if not policy.can_decide(actor, response):
        raise Forbidden(N_("Only the owner’s managers and editors decide, and not on their own."))
    return response


async def get_consulted_challenge(challenge: OwnedChallenge, _read: ReceivedChallenge) -> Challenge:
    """Return a challenge whose answers this person reads and, for its owner, acknowledges.

    :raises NotFound: if it is absent or hidden from this person
    :raises Forbidden: unless they act for its owner, or if a conflict keeps them from reading
    """
    return challenge


ConsultedChallenge = Annotated[Challenge, Depends(get_consulted_challenge)]
DecidableResponse = Annotated[Response, Depends(get_decidable_response)]
