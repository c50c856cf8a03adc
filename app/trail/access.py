"""The only way a route gets a challenge whose trail or sourcing file somebody reads."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from app.accounts.access import RowId
from app.challenges.access import ChallengeId
from app.challenges.models import Challenge
from app.challenges.queries import challenge_alone, challenge_by_id
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import NotFound
from app.core.event_words import Topic
from app.core.i18n import N_
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor
from app.trail import policy, queries
from app.trail.models import SourcingExport
from app.trail.policy import Sight


@dataclass(frozen=True)
class Traced:
    """A challenge, and how much of its trail this person sees."""

    challenge: Challenge
    sight: Sight


def traced(session: DbSession, challenge: Challenge, actor: Actor, now: Now) -> Traced:
    """Return a challenge with what this person sees of its trail."""
    sight = policy.sight_of(
        actor,
        challenge,
        queries.course_of(session, challenge),
        now=now,
        is_barred=queries.is_barred(session, challenge.id, actor),
        has_answered=queries.has_answered(session, challenge.id, actor),
    )
    return Traced(challenge, sight)


def get_traced(
    challenge_id: ChallengeId, actor: SignedInActor, session: DbSession, now: Now
) -> Traced:
    """Return a challenge whose trail this person reads.

    :raises NotFound: for everybody but the owner's side, curators, region and administrators
    """
    challenge = challenge_alone(session, challenge_id)
    if challenge is None or not policy.may_read_trail(actor, challenge):
        raise NotFound(N_("There is no trail at this address."))
    return traced(session, challenge, actor, now)


TracedChallenge = Annotated[Traced, Depends(get_traced)]


def get_filed(
    challenge_id: ChallengeId, actor: SignedInActor, session: DbSession, now: Now
) -> Traced:
    """Return a challenge whose sourcing file this person reads.

    :raises NotFound: for everybody but the owner's side, curators and region
    """
    challenge = challenge_by_id(session, challenge_id)
    if challenge is None or not policy.may_read_file(actor, challenge):
        raise NotFound(N_("There is no sourcing file at this address."))
    return traced(session, challenge, actor, now)


ShownTopic = Annotated[Topic | None, Query(alias="about", description="Only events of this kind.")]
FiledChallenge = Annotated[Traced, Depends(get_filed)]


def get_ready_export(
    export_id: RowId, filed: FiledChallenge, actor: SignedInActor, session: DbSession
) -> SourcingExport:
    """Return an archive that this person asked for, if they may still read all that is in it.

    :raises NotFound: if it is absent, not ready, another person's, or holds more than they may see
    """
    export = queries.export_by_id(session, export_id)
    is_own = export is not None and actor.user is not None and export.user_id == actor.user.id
    if export is None or not is_own or export.challenge_id != filed.challenge.id:
        raise NotFound(N_("There is no such file."))
    if export.ready_at is None or not filed.sight.covers(Sight(**export.sight)):
        raise NotFound(N_("There is no such file."))
    return export


ReadyExport = Annotated[SourcingExport, Depends(get_ready_export)]
