"""The only way a route gets a challenge to compare a profile with."""

from typing import Annotated

from fastapi import Depends

from app.challenges.access import ViewableChallenge
from app.challenges.models import PUBLIC_STATES, Challenge
from app.core.errors import NotFound
from app.core.i18n import N_


async def get_public_challenge(challenge: ViewableChallenge) -> Challenge:
    """Return a challenge that anybody may read.

    :raises NotFound: if it is absent or not public yet
    """
    if challenge.state not in PUBLIC_STATES:
        raise NotFound(N_("There is no page at this address."))
    return challenge


PublicChallenge = Annotated[Challenge, Depends(get_public_challenge)]
