"""JSON in, JSON out: one address for each act, since each takes another body."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends

from app.accounts.models import Scope
from app.challenges.access import ViewableChallenge
from app.challenges.actions import refuse_if_stale
from app.challenges.models import Challenge, ChallengeState
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Done, Endpoint, SeenVersion
from app.core.outbox import Outbox, RequestOutbox
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor
from app.steering import actions
from app.steering.access import get_challenge_to_change, get_steered_challenge
from app.steering.policy import Act
from app.steering.schemas import Course, Ended, NewDeadline

router = ApiRouter("steering")


@dataclass(frozen=True)
class Helm:
    """A challenge whose course somebody changes by one act, in the version they have seen."""

    act: Act
    challenge: Challenge
    actor: Actor
    session: DbSession
    outbox: Outbox
    seen: int

    def turn(self, reason: str, carry_out: Callable[..., None], *values: object) -> Done:
        """Carry out the act.

        :param carry_out: takes session, challenge, how and by whom, and these values
        :raises Stale: if the challenge changed meanwhile
        """
        session, challenge, now = self.session, self.challenge, self.outbox.now
        how = actions.steer(session, challenge, self.act, by=self.actor, reason=reason, at=now)
        refuse_if_stale(challenge, self.seen, while_in=frozenset(ChallengeState))
        carry_out(session, challenge, how, *values, outbox=self.outbox)
        session.flush()
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
        return Helm(act, challenge, actor, session, outbox, seen)

    return Depends(get_helm)


def _check(act: Act) -> Callable[..., Awaitable[None]]:
    async def check(challenge: ViewableChallenge, actor: SignedInActor) -> None:
        await get_challenge_to_change(act, await get_steered_challenge(challenge, actor), actor)

    return check


def _act(act: Act) -> Callable[[Endpoint], Endpoint]:
    path = f"/challenges/{{challenge_id}}/{act}"
    return router.act(path, act, scope=Scope.CHALLENGES_WRITE, twin="steering:carry_out")


@_act(Act.OPEN)
def open_now(helm: Annotated[Helm, _at_the_helm(Act.OPEN)], typed: Course) -> Done:
    """Open a scheduled challenge before its day."""
    return helm.turn(typed.reason, actions.open_now)


@_act(Act.EXTEND)
def extend(helm: Annotated[Helm, _at_the_helm(Act.EXTEND)], typed: NewDeadline) -> Done:
    """Extend the deadline; all concerned are told."""
    return helm.turn(typed.reason, actions.extend, typed.dates())


@_act(Act.CLOSE)
def close(helm: Annotated[Helm, _at_the_helm(Act.CLOSE)], typed: Course) -> Done:
    """Close a challenge for answers before its deadline."""
    return helm.turn(typed.reason, actions.close)


@_act(Act.REOPEN)
def reopen(helm: Annotated[Helm, _at_the_helm(Act.REOPEN)], typed: NewDeadline) -> Done:
    """Open a closed challenge again, while nobody has read an answer."""
    return helm.turn(typed.reason, actions.reopen, typed.dates())


@_act(Act.COMPLETE)
def complete(helm: Annotated[Helm, _at_the_helm(Act.COMPLETE)], typed: Ended) -> Done:
    """Say what became of a challenge."""
    return helm.turn(typed.reason, actions.complete, typed.ending)


@_act(Act.CANCEL)
def cancel(helm: Annotated[Helm, _at_the_helm(Act.CANCEL)], typed: Course) -> Done:
    """Cancel a challenge, with a public reason."""
    return helm.turn(typed.reason, actions.cancel)


@_act(Act.ARCHIVE)
def archive(helm: Annotated[Helm, _at_the_helm(Act.ARCHIVE)], typed: Course) -> Done:
    """Put an ended challenge into the archive."""
    return helm.turn(typed.reason, actions.archive)
