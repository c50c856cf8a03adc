"""The only way a route gets a challenge."""

from typing import Annotated

from fastapi import Depends, Path, Request

from app.challenges import policy, queries
from app.challenges.actions import PublicationCheck
from app.challenges.models import EDITABLE_STATES, Challenge
from app.core.database import DbSession
from app.core.errors import DomainError, Forbidden, NotFound
from app.core.i18n import N_
from app.organisations.access import AnyActor, SignedInActor
from app.organisations.policy import Actor

ChallengeId = Annotated[int, Path(ge=1, lt=2**31)]


def get_viewable_challenge(
    challenge_id: ChallengeId, actor: AnyActor, session: DbSession
) -> Challenge:
    """Return the challenge with owner, curating cluster and requirements.

    :raises NotFound: if it is absent or hidden from this person
    """
    return _visible(session, challenge_id, actor)


ViewableChallenge = Annotated[Challenge, Depends(get_viewable_challenge)]


def get_owned_challenge(
    challenge_id: ChallengeId, actor: SignedInActor, session: DbSession
) -> Challenge:
    """Return a challenge of an organisation for which this person acts, in whatever state.

    :raises NotFound: if it is absent or hidden from this person
    :raises Forbidden: if they do not act for its owner
    """
    challenge = _visible(session, challenge_id, actor)
    if not policy.acts_for_owner(actor, challenge):
        raise Forbidden(N_("Only managers and editors of the challenge owner can do this."))
    return challenge


OwnedChallenge = Annotated[Challenge, Depends(get_owned_challenge)]


async def get_editable_challenge(challenge: OwnedChallenge) -> Challenge:
    """Return a challenge whose text this person may change now.

    :raises DomainError: if it is theirs, but its state forbids changes
    """
    if challenge.state not in EDITABLE_STATES:
        raise DomainError(
            N_("This challenge is “%(state)s”, so its text can no longer be changed."),
            state=challenge.state.label,
        )
    return challenge


EditableChallenge = Annotated[Challenge, Depends(get_editable_challenge)]


def get_curated_challenge(
    challenge_id: ChallengeId, actor: SignedInActor, session: DbSession
) -> Challenge:
    """Return a challenge that this person looks after, for its cluster or for the region.

    :raises NotFound: if it is absent or hidden from this person
    :raises Forbidden: if they do not look after it
    """
    challenge = _visible(session, challenge_id, actor)
    if not policy.is_curator(actor, challenge):
        raise Forbidden(N_("Only the managers of the cluster that looks after it can do this."))
    return challenge


CuratedChallenge = Annotated[Challenge, Depends(get_curated_challenge)]


def get_moderated_challenge(
    challenge_id: ChallengeId, actor: SignedInActor, session: DbSession
) -> Challenge:
    """Return a challenge on whose publishing this person decides.

    :raises NotFound: if it is absent or hidden from this person
    :raises Forbidden: if others decide, for instance because it is their own
    """
    challenge = _visible(session, challenge_id, actor)
    if not policy.can_moderate(actor, challenge):
        raise Forbidden(
            N_("Others decide whether this is published: the cluster it is with, or the region.")
        )
    return challenge


ModeratedChallenge = Annotated[Challenge, Depends(get_moderated_challenge)]


async def get_moderator(actor: SignedInActor) -> Actor:
    """Return whoever is asking, if there can be challenges on which they decide.

    :raises Forbidden: if they neither act for a cluster nor steer the region
    """
    if not (actor.curated_clusters or actor.is_regional_developer):
        raise Forbidden(N_("Only cluster managers and regional developers review challenges."))
    return actor


Moderator = Annotated[Actor, Depends(get_moderator)]


async def get_publication_checks(request: Request) -> tuple[PublicationCheck, ...]:
    """Return what other features are asked before a challenge is published."""
    checks: tuple[PublicationCheck, ...] = request.app.state.publication_checks
    return checks


PublicationChecks = Annotated[tuple[PublicationCheck, ...], Depends(get_publication_checks)]


def _visible(session: DbSession, challenge_id: int, actor: Actor) -> Challenge:
    challenge = queries.challenge_by_id(session, challenge_id)
    if challenge is None or not policy.can_view(actor, challenge):
        raise NotFound(N_("There is no page at this address."))
    return challenge
