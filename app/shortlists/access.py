"""The only way a route gets a shortlist or an entry of it."""

from typing import Annotated

from fastapi import Depends, Path

from app.challenges.access import ChallengeId
from app.challenges.models import Challenge
from app.challenges.policy import is_owner_side
from app.challenges.queries import challenge_by_id
from app.core.database import DbSession
from app.core.errors import Forbidden, NotFound
from app.core.i18n import N_
from app.matches.access import ListedChallenge
from app.matches.policy import may_see_list
from app.organisations.access import SignedInActor
from app.shortlists import queries
from app.shortlists.models import ShortlistVersion

VersionNumber = Annotated[int, Path(ge=1, lt=2**31)]


def get_readable_challenge(
    challenge_id: ChallengeId, actor: SignedInActor, session: DbSession
) -> Challenge:
    """Return a challenge whose shortlist this person may read, as its curator or its owner.

    :raises NotFound: for everybody else
    """
    challenge = challenge_by_id(session, challenge_id)
    if challenge is None:
        raise NotFound(N_("There is no shortlist at this address."))
    if not (may_see_list(actor, challenge) or is_owner_side(actor, challenge)):
        raise NotFound(N_("There is no shortlist at this address."))
    return challenge


ReadableChallenge = Annotated[Challenge, Depends(get_readable_challenge)]


async def get_co_signed_challenge(challenge: ListedChallenge, actor: SignedInActor) -> Challenge:
    """Return a challenge whose decisions this person may co-sign.

    :raises Forbidden: unless they steer the region
    """
    if not actor.is_regional_developer:
        raise Forbidden(N_("Only regional developers co-sign decisions."))
    return challenge


CoSignedChallenge = Annotated[Challenge, Depends(get_co_signed_challenge)]


def get_version(
    number: VersionNumber, challenge: ListedChallenge, session: DbSession
) -> ShortlistVersion:
    """Return a sent version of a list.

    :raises NotFound: if the list has no such version
    """
    version = queries.version_of(session, challenge.id, number)
    if version is None:
        raise NotFound(N_("There is no such version of this list."))
    return version


SentVersion = Annotated[ShortlistVersion, Depends(get_version)]
