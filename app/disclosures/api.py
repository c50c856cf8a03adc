"""JSON in, JSON out."""

from fastapi import Response

from app.accounts.models import Scope
from app.challenges.access import EditableChallenge, ViewableChallenge
from app.challenges.actions import refuse_if_stale
from app.challenges.models import EDITABLE_STATES, Challenge
from app.core.clock import Now
from app.core.database import DbSession, writes
from app.core.json_api import ApiRouter, SeenVersion, tag
from app.disclosures import actions, pages
from app.disclosures.schemas import PartShown, ProtectedShown, ProtectedWritten
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor

router = ApiRouter("disclosures")


@router.read(
    "/challenges/{challenge_id}/protected",
    "show",
    scope=Scope.CHALLENGES_READ,
    twin="disclosures:show",
)
@writes
def show_protected(
    challenge: ViewableChallenge, actor: SignedInActor, session: DbSession, now: Now
) -> ProtectedShown:
    """Show the protected parts that you may read; that you were shown them is noted."""
    return _disclosed(session, challenge, actor, now)


@router.act(
    "/challenges/{challenge_id}/protected/accept",
    "accept",
    scope=Scope.CHALLENGES_WRITE,
    twin="disclosures:accept",
)
def accept_agreement(
    challenge: ViewableChallenge, actor: SignedInActor, session: DbSession, now: Now
) -> ProtectedShown:
    """Accept the agreement, and read what it opens."""
    actions.accept(session, challenge, by=actor, at=now)
    session.flush()
    return _disclosed(session, challenge, actor, now)


@router.act(
    "/challenges/{challenge_id}/protected",
    "protect",
    scope=Scope.CHALLENGES_WRITE,
    twin="disclosures:protect",
    method="PUT",
)
def write_protected(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    answer: Response,
    challenge: EditableChallenge,
    seen: SeenVersion,
    typed: ProtectedWritten,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> ProtectedShown:
    """Write the protected parts of your draft anew; `If-Match` is the draft's version."""
    refuse_if_stale(challenge, seen, while_in=EDITABLE_STATES)
    actions.protect(session, challenge, typed.protection(), by=actor, at=now)
    session.flush()
    tag(answer, challenge.version)
    return _disclosed(session, challenge, actor, now)


def _disclosed(session: DbSession, challenge: Challenge, actor: Actor, now: Now) -> ProtectedShown:
    shown = pages.protected(session, challenge, actor)
    actions.disclose(session, challenge, shown.layers, by=actor, at=now)
    return ProtectedShown(
        parts=[
            PartShown(heading=part.heading, text=part.text, layer=part.layer)
            for part in shown.readable
        ],
        kept=shown.kept,
        agreement=shown.agreement,
        may_accept=shown.may_accept,
    )
