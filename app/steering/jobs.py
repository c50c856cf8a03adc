"""What the timer does with published challenges: close, remind of the decision, put away."""

from collections.abc import Callable, Mapping
from functools import partial

from sqlalchemy.orm import Session

from app.challenges.actions import enqueue_closing
from app.challenges.models import (
    ARCHIVING,
    CLOSING,
    MACHINE,
    PROMISE_DUE,
    Challenge,
    ChallengeState,
)
from app.challenges.queries import challenge_by_id
from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.steering import actions
from app.steering.policy import AWAITING_DECISION, reminder_at

Timed = Callable[[Session, Challenge, Outbox], None]


def handlers(links: Links) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {
        CLOSING: partial(_do, close_when_due, links),
        ARCHIVING: partial(_do, archive_when_ended, links),
        PROMISE_DUE: partial(remind_when_due, links),
    }


def _do(timed: Timed, links: Links, work: Work) -> None:
    with work.finishing() as session:
        challenge = challenge_by_id(session, work.payload["challenge_id"])
        if challenge is not None:
            timed(session, challenge, Outbox(session, links, work.now))


def close_when_due(session: Session, challenge: Challenge, outbox: Outbox) -> None:
    """Close an open challenge; one whose deadline moved is put back."""
    if challenge.state is not ChallengeState.OPEN:
        return
    if challenge.takes_answers(outbox.now):
        enqueue_closing(session, challenge, at=outbox.now)
        return
    actions.close(session, challenge, outbox=outbox)


def remind_when_due(links: Links, work: Work) -> None:
    """Remind the owner of the promised decision; one whose day moved is put back."""
    with work.finishing() as session:
        challenge = challenge_by_id(session, work.payload["challenge_id"])
        if challenge is None or challenge.state not in AWAITING_DECISION:
            return
        step, promised = work.payload["step"], challenge.decision_on
        if promised is None or reminder_at(promised, step) > work.now:
            actions.plan_reminder(session, challenge, at=work.now)
            return
        outbox = Outbox(session, links, work.now)
        actions.remind(session, challenge, step, outbox=outbox)


def archive_when_ended(session: Session, challenge: Challenge, outbox: Outbox) -> None:
    """Put a challenge away, unless it is there already."""
    if MACHINE.allows(challenge.state, ChallengeState.ARCHIVED, Mover.TIMER):
        actions.archive(session, challenge, outbox=outbox)
