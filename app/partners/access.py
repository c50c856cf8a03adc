"""The only way a route gets a partner of an answer."""

from typing import Annotated

from fastapi import Depends, Path

from app.core.errors import Forbidden, NotFound
from app.core.i18n import N_
from app.organisations.access import SignedInActor
from app.partners import policy
from app.responses.access import OwnResponse, ViewableResponse
from app.responses.models import Response, ResponsePartner
from app.responses.policy import is_author

PartnerId = Annotated[int, Path(ge=1, lt=2**31)]


async def get_authored_response(response: ViewableResponse, actor: SignedInActor) -> Response:
    """Return an answer in which an organisation of this person leads or takes part.

    :raises Forbidden: if they only read it as one of its receivers
    """
    if not is_author(actor, response):
        raise Forbidden(N_("Only those who write this answer see this page."))
    return response


AuthoredResponse = Annotated[Response, Depends(get_authored_response)]


async def get_led_partner(partner_id: PartnerId, response: OwnResponse) -> ResponsePartner:
    """Return a partner in an answer that an organisation of this person leads.

    :raises NotFound: if the answer has no such partner (any more)
    """
    return _partner_in(response, partner_id)


LedPartner = Annotated[ResponsePartner, Depends(get_led_partner)]


async def get_own_partner(
    partner_id: PartnerId, response: AuthoredResponse, actor: SignedInActor
) -> ResponsePartner:
    """Return the part of an organisation for which this person acts.

    :raises NotFound: if the answer has no such partner (any more)
    :raises Forbidden: if others sign for it
    """
    partner = _partner_in(response, partner_id)
    if not policy.may_sign(actor, partner):
        raise Forbidden(N_("Only managers and editors of the partner sign for it."))
    return partner


OwnPartner = Annotated[ResponsePartner, Depends(get_own_partner)]


def _partner_in(response: Response, partner_id: int) -> ResponsePartner:
    for partner in response.partners:
        if partner.id == partner_id:
            return partner
    raise NotFound(N_("The answer has no such partner any more."))
