"""Partners in an answer."""

from app.organisations.models import Organisation
from app.responses.models import PartnerState, Response, ResponsePartner
from tests.factories import EARLIER, save


def make_partner(
    response: Response,
    organisation: Organisation,
    *,
    state: PartnerState = PartnerState.INVITED,
    share: int = 30,
) -> ResponsePartner:
    """Return an organisation that takes over the crane of somebody's answer."""
    is_signed = state is PartnerState.SIGNED
    return save(
        ResponsePartner(
            response_id=response.id,
            organisation_id=organisation.id,
            part="Builds the crane arm.",
            share=share,
            state=state,
            invited_at=EARLIER,
            signed_at=EARLIER if is_signed else None,
            signed_by_name="Ada Example" if is_signed else "",
        )
    )
