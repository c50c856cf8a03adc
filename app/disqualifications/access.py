"""The only way a route gets an answer against which there is, or may be, a case."""

from typing import Annotated

from fastapi import Depends

from app.core.database import DbSession
from app.core.errors import Forbidden, NotFound
from app.core.i18n import N_
from app.disqualifications import policy, queries
from app.organisations.access import SignedInActor
from app.responses.access import ViewableResponse
from app.responses.models import Response


def get_response_in_case(
    response: ViewableResponse, actor: SignedInActor, session: DbSession
) -> Response:
    """Return an answer whose case this person may read, or open.

    :raises NotFound: if it is absent, not for them, still sealed, or there is no case to read
    """
    if not policy.may_read(actor, response, queries.latest_case(session, response)):
        raise NotFound(N_("There is no page at this address."))
    return response


ResponseInCase = Annotated[Response, Depends(get_response_in_case)]


async def get_judged_response(response: ViewableResponse, actor: SignedInActor) -> Response:
    """Return an answer about which this person opens and settles cases.

    :raises NotFound: if it is absent, not for them, or still sealed
    :raises Forbidden: unless they are the region's, and no party
    """
    if not policy.may_judge(actor, response):
        raise Forbidden(N_("Only the region disqualifies, and never where it is a party."))
    return response


JudgedResponse = Annotated[Response, Depends(get_judged_response)]
