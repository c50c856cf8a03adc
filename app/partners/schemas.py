"""Partners of an answer as the API shows and takes them."""

from collections.abc import Sequence

from pydantic import Field

from app.core.json_api import Body, Shown
from app.partners.forms import AddForm, DeclineForm, TermsForm
from app.responses.schemas import PartnerShown


class Terms(TermsForm, Body):
    """What a partner takes over."""


class NewPartner(AddForm, Body):
    """Who takes over what."""


class Decline(DeclineForm, Body):
    """Why an organisation does not take part."""


class Signature(Body):
    """What is signed: the seal of the terms as you read them."""

    seal: str = Field(max_length=100)


class PartnersShown(Shown):
    """Who takes part in an answer, with what share."""

    seal: str = Field(description="Of the terms; another one as soon as they change.")
    lead_share: int
    partners: Sequence[PartnerShown]
    may_sign: Sequence[int] = Field(description="Ids of the parts that you may sign or decline.")
