"""Changes of course: each with its public reason, each told to everybody concerned."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts.queries import regional_developers
from app.challenges.actions import (
    enqueue_aftermath,
    enqueue_archiving,
    enqueue_closing,
    enqueue_sheets_over,
    open_for_answers,
    plan_watching,
)
from app.challenges.models import MACHINE, PROMISE_DUE, Challenge, ChallengeState, Ending, Mode
from app.challenges.queries import reviewers
from app.core import jobs
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_, format_date
from app.core.journal import TIMER, By, last_event
from app.core.outbox import Email, Outbox
from app.core.state_machine import ActRefused, Mover
from app.dialogue.models import Follow, Question, Tie
from app.dialogue.policy import Listener
from app.dialogue.queries import everybody_concerned, listeners
from app.matches.actions.tending import expire as expire_invitations
from app.organisations.policy import Actor
from app.organisations.queries import acting_people
from app.steering import emails, policy, queries
from app.steering.policy import ENDINGS, Act

S = ChallengeState


class Obstructed(DomainError):
    """The act would be right in this state, but something stands in its way."""


class WrongDay(DomainError):
    """A day contradicts another; ``field`` is its name in the form."""

    status_code = 422

    def __init__(self, field: str, message: str, **words: str) -> None:
        super().__init__(message, **words)
        self.field = field


@dataclass(frozen=True)
class NewDates:
    """Until when answers count from now on, and by when a decision is promised.

    Without ``decision_on`` the promise stands as it was.
    """

    closes_at: datetime
    last_day: date
    decision_on: date | None


@dataclass(frozen=True)
class Steer:
    """Who changes the course, in which role, and why."""

    mover: Mover
    by: By
    reason: str


BY_TIMER = Steer(Mover.TIMER, TIMER, "")


def steer(
    session: Session, challenge: Challenge, act: Act, *, by: Actor, reason: str, at: datetime
) -> Steer:
    """Return the role in which somebody may do this now.

    :raises Forbidden: if it is never theirs to do
    :raises ActRefused: if the state does not allow it (any more)
    :raises Obstructed: if something else stands in the way
    """
    roles = list(policy.movers(by, challenge))
    if not any(policy.is_possible(act, state, role) for state in S for role in roles):
        raise Forbidden(N_("Others decide on this."))
    possible = [role for role in roles if policy.is_possible(act, challenge.state, role)]
    if not possible:
        raise ActRefused(challenge.state, last_event(session, challenge))
    facts = queries.facts_about(session, challenge, at)
    obstacles = [policy.obstacle(act, challenge, role, facts) for role in possible]
    for role, obstacle in zip(possible, obstacles, strict=True):
        if obstacle is None:
            who = by.by(challenge.owner if role is Mover.OWNER else None)
            return Steer(role, who, reason)
    first = next(filter(None, obstacles))
    raise Obstructed(first.message, **first.words)


def open_now(session: Session, challenge: Challenge, how: Steer, *, outbox: Outbox) -> None:
    """Open a scheduled challenge before its day."""
    open_for_answers(session, challenge, outbox=outbox, at=outbox.now, mover=how.mover, by=how.by)


def extend(
    session: Session, challenge: Challenge, how: Steer, dates: NewDates, *, outbox: Outbox
) -> None:
    """Move the deadline to a later day; questions get as much more time as answers.

    :raises WrongDay: if the day is not later, or the decision would come before it
    :raises ReasonMissing: without a public reason
    """
    before = challenge.closes_at
    if before is None or dates.closes_at <= before:
        day = format_date(challenge.last_day) if challenge.last_day else ""
        raise WrongDay(
            "last_day", N_("“Last day for answers”: choose a day after %(day)s."), day=day
        )
    _check_decision(challenge, dates)
    details = {"from": before.isoformat(), "to": dates.closes_at.isoformat()}
    MACHINE.act(
        session, challenge, "extended", mover=how.mover, by=how.by, at=outbox.now,
        reason=how.reason, details=details,
    )  # fmt: skip
    if challenge.questions_until is not None:
        challenge.questions_until += dates.closes_at - before
    _set_dates(challenge, dates)
    for listener in _told(session, challenge, how):
        outbox.add(
            emails.extended(listener, challenge, outbox.links, before=before, reason=how.reason)
        )


def _check_decision(challenge: Challenge, dates: NewDates) -> None:
    promised = dates.decision_on or challenge.decision_on
    if promised is not None and promised <= dates.last_day:
        raise WrongDay(
            "decision_on", N_("“Decision by”: choose a day after the last day for answers.")
        )


def _set_dates(challenge: Challenge, dates: NewDates) -> None:
    challenge.closes_at = dates.closes_at
    challenge.decision_on = dates.decision_on or challenge.decision_on


def close(
    session: Session,
    challenge: Challenge,
    how: Steer = BY_TIMER,
    *,
    outbox: Outbox,
) -> None:
    """Close an open challenge, as the timer does at its deadline and people do before.

    :raises MoveRefused: if it is not open (any more)
    :raises ReasonMissing: if somebody closes it early without a public reason
    """
    _move(session, challenge, S.CLOSED, how, outbox)
    expire_invitations(session, challenge, at=outbox.now)
    challenge.closed_at = outbox.now
    plan_watching(session, challenge, at=outbox.now)
    challenge.closes_at = min(challenge.closes_at or outbox.now, outbox.now)
    if challenge.mode is not Mode.CONSULTATION:
        enqueue_aftermath(session, challenge, at=outbox.now)
    plan_reminder(session, challenge, at=outbox.now)
    for user in acting_people(session, challenge.owner_id):
        outbox.add(emails.closed_for_owner(user, challenge, outbox.links))
    for user in reviewers(session, challenge):
        outbox.add(emails.closed_for_curator(user, challenge, outbox.links))
    for listener in listeners(session, challenge):
        outbox.add(emails.closed(listener, challenge, outbox.links, reason=how.reason))


def plan_reminder(session: Session, challenge: Challenge, *, at: datetime, after: int = -1) -> None:
    """Have the owner reminded of the promised decision, as long as one is to come.

    :param after: the reminder sent last
    """
    if challenge.decision_on is None:
        return
    step = policy.next_reminder(challenge.decision_on, at, after=after)
    if step is None:
        return
    jobs.enqueue(
        session,
        PROMISE_DUE,
        {"challenge_id": challenge.id, "step": step},
        at=at,
        run_at=policy.reminder_at(challenge.decision_on, step),
        dedupe_key=f"{PROMISE_DUE}:{challenge.id}",
    )


def remind(session: Session, challenge: Challenge, step: int, *, outbox: Outbox) -> None:
    """Write to the owner, when it is late to the region as well, and plan the next reminder."""
    told = [Listener(user, Tie.OWNS) for user in acting_people(session, challenge.owner_id)]
    if policy.REMINDERS[step] > timedelta():
        told += [Listener(user, Tie.LOOKS_AFTER) for user in regional_developers(session)]
    for listener in {each.user.id: each for each in told}.values():
        outbox.add(emails.promise(listener, challenge, outbox.links, step=step))
    plan_reminder(session, challenge, at=outbox.now, after=step)


def reopen(
    session: Session, challenge: Challenge, how: Steer, dates: NewDates, *, outbox: Outbox
) -> None:
    """Take answers again until a new deadline.

    :raises WrongDay: if the deadline has passed already, or the decision would come before it
    :raises ReasonMissing: without a public reason
    """
    if dates.closes_at <= outbox.now:
        raise WrongDay("last_day", N_("“Last day for answers”: choose today or a later day."))
    _check_decision(challenge, dates)
    _move(session, challenge, S.OPEN, how, outbox)
    challenge.closed_at = None
    _set_dates(challenge, dates)
    enqueue_closing(session, challenge, at=outbox.now)
    _tell(session, challenge, how, outbox, emails.reopened)


def cancel(session: Session, challenge: Challenge, how: Steer, *, outbox: Outbox) -> None:
    """End a challenge before its decision; answers stay with those who wrote them.

    :raises ReasonMissing: without a public reason
    """
    _move(session, challenge, S.CANCELLED, how, outbox)
    expire_invitations(session, challenge, at=outbox.now)
    _end(session, challenge, None, outbox)
    _tell(session, challenge, how, outbox, emails.cancelled)


def complete(
    session: Session, challenge: Challenge, how: Steer, ending: Ending, *, outbox: Outbox
) -> None:
    """Say what became of a challenge.

    :raises DomainError: if this is no ending from the present state
    :raises ReasonMissing: without a public account of it
    """
    if ending not in ENDINGS[challenge.state]:
        raise DomainError(N_("A challenge does not end like this from here."))
    _move(session, challenge, S.COMPLETED, how, outbox)
    _end(session, challenge, ending, outbox)
    _tell(session, challenge, how, outbox, emails.completed)


def archive(
    session: Session,
    challenge: Challenge,
    how: Steer = BY_TIMER,
    *,
    outbox: Outbox,
) -> None:
    """Put an ended challenge away; who drafted, followed and asked is forgotten.

    :raises MoveRefused: if it has not ended
    """
    _move(session, challenge, S.ARCHIVED, how, outbox)
    challenge.created_by_id = None
    session.execute(delete(Follow).where(Follow.challenge_id == challenge.id))
    asked = update(Question).where(Question.challenge_id == challenge.id)
    session.execute(asked.values(user_id=None))


def _move(
    session: Session, challenge: Challenge, to: ChallengeState, how: Steer, outbox: Outbox
) -> None:
    MACHINE.move(
        session, challenge, to=to, mover=how.mover, by=how.by, at=outbox.now, reason=how.reason
    )


def _end(session: Session, challenge: Challenge, ending: Ending | None, outbox: Outbox) -> None:
    challenge.ended_at, challenge.ending = outbox.now, ending
    enqueue_archiving(session, challenge, at=outbox.now)
    enqueue_sheets_over(session, challenge, at=outbox.now)


def _told(session: Session, challenge: Challenge, how: Steer) -> list[Listener]:
    concerned = everybody_concerned(session, challenge)
    return [listener for listener in concerned if listener.user.id != how.by.user_id]


def _tell(
    session: Session,
    challenge: Challenge,
    how: Steer,
    outbox: Outbox,
    message: Callable[..., Email],
) -> None:
    for listener in _told(session, challenge, how):
        if challenge.submitted_at is None and listener.tie is Tie.LOOKS_AFTER:
            continue  # a draft that its owner gives up was nobody else's affair
        outbox.add(message(listener, challenge, outbox.links, reason=how.reason))
