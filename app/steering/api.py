"""JSON in, JSON out: one address for each act, since each takes another body."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends

from app.accounts.models import Scope
from app.challenges.access import ViewableChallenge
from app.challenges.actions import refuse_if_stale
from app.challenges.models import Challenge, ChallengeState
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Done, SeenVersion
from app.core.outbox import Outbox, RequestOutbox
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor
from app.steering import actions
from app.steering.access import get_challenge_to_change, get_steered_challenge
from app.steering.actions import Steer
from app.steering.policy import Act
from app.steering.schemas import Course, Ended, NewDeadline

router = ApiRouter("steering")
TWIN = "steering:carry_out"
WRITE = Scope.CHALLENGES_WRITE


@dataclass(frozen=True)
class Helm:
    """A challenge whose course somebody changes, in the version they have seen."""

    challenge: Challenge
    actor: Actor
    session: DbSession
    outbox: Outbox
    seen: int

    def turn(self, act: Act, reason: str, carry_out: Callable[[Steer], None]) -> Done:
        """Carry out an act.

        :raises Stale: if the challenge changed meanwhile
        """
        now = self.outbox.now
        how = actions.steer(self.session, self.challenge, act, by=self.actor, reason=reason, at=now)
        refuse_if_stale(self.challenge, self.seen, while_in=frozenset(ChallengeState))
        carry_out(how)
        self.session.flush()
        challenge = self.challenge
        return Done(id=challenge.id, state=challenge.state, version=challenge.version)


def _at_the_helm(act: Act) -> Any:
    """Return a dependency that finds a challenge on which this person may do this."""

    def get_helm(
        challenge: ViewableChallenge,
        actor: SignedInActor,
        session: DbSession,
        outbox: RequestOutbox,
        _may: Annotated[None, Depends(_check(act))],
        seen: SeenVersion,
    ) -> Helm:
        return Helm(challenge, actor, session, outbox, seen)

    return Depends(get_helm)


def _check(act: Act) -> Callable[..., None]:
    def check(challenge: ViewableChallenge, actor: SignedInActor) -> None:
        get_challenge_to_change(act, get_steered_challenge(challenge, actor), actor)

    return check


@router.act("/challenges/{challenge_id}/open", "open", scope=WRITE, twin=TWIN)
def open_now(helm: Annotated[Helm, _at_the_helm(Act.OPEN)], typed: Course) -> Done:
    """Open a scheduled challenge before its day."""
    return helm.turn(
        Act.OPEN,
        typed.reason,
        lambda how: actions.open_now(helm.session, helm.challenge, how, outbox=helm.outbox),
    )


@router.act("/challenges/{challenge_id}/extend", "extend", scope=WRITE, twin=TWIN)
def extend(helm: Annotated[Helm, _at_the_helm(Act.EXTEND)], typed: NewDeadline) -> Done:
    """Extend the deadline; all concerned are told."""
    dates = typed.dates()
    return helm.turn(
        Act.EXTEND,
        typed.reason,
        lambda how: actions.extend(helm.session, helm.challenge, how, dates, outbox=helm.outbox),
    )


@router.act("/challenges/{challenge_id}/close", "close", scope=WRITE, twin=TWIN)
def close(helm: Annotated[Helm, _at_the_helm(Act.CLOSE)], typed: Course) -> Done:
    """Close a challenge for answers before its deadline."""
    return helm.turn(
        Act.CLOSE,
        typed.reason,
        lambda how: actions.close(helm.session, helm.challenge, how, outbox=helm.outbox),
    )


@router.act("/challenges/{challenge_id}/reopen", "reopen", scope=WRITE, twin=TWIN)
def reopen(helm: Annotated[Helm, _at_the_helm(Act.REOPEN)], typed: NewDeadline) -> Done:
    """Open a closed challenge again, while nobody has read an answer."""
    dates = typed.dates()
    return helm.turn(
        Act.REOPEN,
        typed.reason,
        lambda how: actions.reopen(helm.session, helm.challenge, how, dates, outbox=helm.outbox),
    )


@router.act("/challenges/{challenge_id}/complete", "complete", scope=WRITE, twin=TWIN)
def complete(helm: Annotated[Helm, _at_the_helm(Act.COMPLETE)], typed: Ended) -> Done:
    """Say what became of a challenge."""
    ending = typed.ending
    return helm.turn(
        Act.COMPLETE,
        typed.reason,
        lambda how: actions.complete(helm.session, helm.challenge, how, ending, outbox=helm.outbox),
    )


@router.act("/challenges/{challenge_id}/cancel", "cancel", scope=WRITE, twin=TWIN)
def cancel(helm: Annotated[Helm, _at_the_helm(Act.CANCEL)], typed: Course) -> Done:
    """Cancel a challenge, with a public reason."""
    return helm.turn(
        Act.CANCEL,
        typed.reason,
        lambda how: actions.cancel(helm.session, helm.challenge, how, outbox=helm.outbox),
    )


@router.act("/challenges/{challenge_id}/archive", "archive", scope=WRITE, twin=TWIN)
def archive(helm: Annotated[Helm, _at_the_helm(Act.ARCHIVE)], typed: Course) -> Done:
    """Put an ended challenge into the archive."""
    return helm.turn(
        Act.ARCHIVE,
        typed.reason,
        lambda how: actions.archive(helm.session, helm.challenge, how, outbox=helm.outbox),
    )
