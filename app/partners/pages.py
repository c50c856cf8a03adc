"""What the page about the partners in an answer shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.database import DbSession
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.partners import policy, queries
from app.responses.models import EDITABLE_STATES, PartnerState, Response, ResponsePartner
from app.responses.policy import can_edit


@dataclass(frozen=True)
class PartnersPage:
    """Who takes part, with what share, and what this person may do about it."""

    response: Response
    seal: str
    may_change: bool
    """Whether they may add and change partners now."""
    own: Sequence[ResponsePartner]
    """The parts for which they may sign or decline now."""
    words: str
    found: Sequence[Organisation]
    highest_share: int


def partners_page(
    session: DbSession, response: Response, actor: Actor, *, words: str = ""
) -> PartnersPage:
    """Return the page; ``words`` look for a further partner by name."""
    is_editable = response.state in EDITABLE_STATES
    may_change = is_editable and can_edit(actor, response)
    found = queries.organisations_named(session, response, words) if may_change and words else ()
    return PartnersPage(
        response=response,
        seal=policy.seal_of(response),
        may_change=may_change,
        own=[
            each
            for each in response.partners
            if is_editable
            and policy.may_sign(actor, each)
            and each.state is not PartnerState.DECLINED
        ],
        words=words,
        found=found,
        highest_share=policy.highest_share(response),
    )
