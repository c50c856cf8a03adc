"""The only way a route gets a challenge whose course somebody changes."""

from typing import Annotated

from fastapi import Depends

from app.challenges.access import ViewableChallenge
from app.challenges.models import Challenge, ChallengeState
from app.core.errors import Forbidden
from app.core.i18n import N_
from app.organisations.access import SignedInActor
from app.steering import policy
from app.steering.policy import Act


async def get_steered_challenge(challenge: ViewableChallenge, actor: SignedInActor) -> Challenge:
    """Return a challenge whose course this person sees, in whatever state.

    :raises NotFound: if it is absent or hidden from this person
    :raises Forbidden: if it is neither theirs nor in their care
    """
    if not policy.may_look(actor, challenge):
        raise Forbidden(N_("Only the owner and those who look after the challenge can do this."))
    return challenge


SteeredChallenge = Annotated[Challenge, Depends(get_steered_challenge)]


async def get_challenge_to_change(
    act: Act, challenge: SteeredChallenge, actor: SignedInActor
) -> Challenge:
    """Return a challenge on which this person may do this in one state or another.

    :raises Forbidden: if it is never theirs to do
    """
    roles = list(policy.movers(actor, challenge))
    if not any(policy.is_possible(act, state, role) for state in ChallengeState for role in roles):
        raise Forbidden(N_("Others decide on this."))
    return challenge


ChallengeToChange = Annotated[Challenge, Depends(get_challenge_to_change)]
