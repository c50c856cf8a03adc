"""The only way a route gets an answer that may have a second life, or a proposal for it."""

from typing import Annotated

from fastapi import Depends, Path

from app.core.database import DbSession
from app.core.errors import Forbidden, NotFound
from app.core.i18n import N_
from app.organisations.access import SignedInActor
from app.redirections import policy, queries
from app.redirections.models import Proposal
from app.responses.access import OwnResponse, ViewableResponse
from app.responses.models import Response
from app.responses.policy import is_author

ProposalId = Annotated[int, Path(ge=1, lt=2**31)]


async def get_second_life(response: ViewableResponse, actor: SignedInActor) -> Response:
    """Return an answer whose second life concerns this person.

    :raises Forbidden: if they neither wrote it nor look after its challenge
    """
    if not (is_author(actor, response) or policy.may_propose(actor, response)):
        raise Forbidden(N_("Only those who wrote the answer and its cluster manager see this."))
    return response


SecondLife = Annotated[Response, Depends(get_second_life)]


def get_own_proposal(
    proposal_id: ProposalId, response: OwnResponse, session: DbSession
) -> Proposal:
    """Return a proposal for an answer of an organisation for which this person acts.

    :raises NotFound: if there is no such proposal for this answer
    """
    for proposal in queries.proposals_for(session, response):
        if proposal.id == proposal_id:
            return proposal
    raise NotFound(N_("There is no such proposal for this answer."))


OwnProposal = Annotated[Proposal, Depends(get_own_proposal)]
