"""The only way a route gets an answer to screen."""

from typing import Annotated

from fastapi import Depends

from app.core.errors import Forbidden
from app.core.i18n import N_
from app.organisations.access import SignedInActor
from app.responses.access import ViewableResponse
from app.responses.models import Response
from app.screenings import policy


async def get_screened_response(response: ViewableResponse, actor: SignedInActor) -> Response:
    """Return an answer that this person may screen, in whatever state.

    :raises NotFound: if it is absent, not for them, or still sealed
    :raises Forbidden: if others screen it
    """
    if not policy.can_screen(actor, response):
        raise Forbidden(N_("Only the owner and the cluster manager screen, and not their own."))
    return response


ScreenedResponse = Annotated[Response, Depends(get_screened_response)]
