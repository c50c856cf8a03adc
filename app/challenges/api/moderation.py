"""The moderators' side: what waits for a review, and the decision."""

from fastapi import Response

from app.accounts.models import Scope
from app.challenges import actions
from app.challenges.access import ModeratedChallenge, Moderator, PublicationChecks
from app.challenges.api.public import shown
from app.challenges.models import REVIEWABLE_STATES
from app.challenges.pages.moderation import queue
from app.challenges.schemas import ChallengeRef, ChallengeShown, Review
from app.core.clock import Now
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Listing, SeenVersion, whole
from app.core.outbox import RequestOutbox
from app.organisations.access import SignedInActor

router = ApiRouter("challenges")


@router.read(
    "/challenges/moderation",
    "moderation",
    scope=Scope.CHALLENGES_MODERATE,
    twin="challenges:moderation",
)
def list_waiting(actor: Moderator, session: DbSession, now: Now) -> Listing[ChallengeRef]:
    """List what waits for your review, the longest waiting first."""
    waiting = queue(session, actor, now)
    return whole([each.challenge for each in waiting], ChallengeRef.of)


@router.act(
    "/challenges/{challenge_id}/review",
    "decide",
    scope=Scope.CHALLENGES_MODERATE,
    twin="challenges:decide",
)
def decide_on_publishing(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    answer: Response,
    challenge: ModeratedChallenge,
    seen: SeenVersion,
    typed: Review,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    checks: PublicationChecks,
) -> ChallengeShown:
    """Approve, decline, or ask for changes."""
    actions.refuse_if_stale(challenge, seen, while_in=REVIEWABLE_STATES)
    if typed.decision == "approve":
        at = outbox.now
        actions.approve(session, challenge, checks=checks, by=actor, outbox=outbox, at=at)
    else:
        give_back = actions.decline if typed.decision == "decline" else actions.request_changes
        now, why = outbox.now, typed.reason
        give_back(session, challenge, by=actor, reason=why, outbox=outbox, at=now)
    session.flush()
    return shown(answer, challenge, session, outbox.now)
