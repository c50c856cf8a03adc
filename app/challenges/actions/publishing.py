"""The moderators’ writes: approve, give back, decline; and the opening."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges import emails, policy
from app.challenges.actions.timing import (
    enqueue_archiving,
    enqueue_closing,
    enqueue_opening,
    enqueue_panel,
    plan_watching,
)
from app.challenges.models import (
    MACHINE,
    Challenge,
    ChallengeState,
    Mode,
    start_of,
)
from app.core.errors import DomainError, Forbidden, Stale
from app.core.i18n import N_
from app.core.journal import TIMER, By
from app.core.links import Links
from app.core.outbox import Email, Outbox
from app.core.state_machine import Mover
from app.organisations.policy import Actor
from app.organisations.queries import acting_people


def refuse_if_stale(
    challenge: Challenge, version: int, *, while_in: frozenset[ChallengeState]
) -> None:
    """Refuse a decision about a text that changed since it was read.

    In another state nothing is refused here: the move itself will be, and that says more.

    :raises Stale: if the version is not the present one
    """
    if challenge.state in while_in and challenge.version != version:
        raise Stale(
            N_("The text was changed since you opened the page. Read it again, then decide.")
        )


PublicationCheck = Callable[[Session, Challenge], str | None]
"""A feature's say in whether a challenge may be published: what is missing, or None."""


def approve(
    session: Session,
    challenge: Challenge,
    *,
    checks: Iterable[PublicationCheck],
    by: Actor,
    outbox: Outbox,
    at: datetime,
) -> None:
    """Let a challenge be published on its day, or at once if that day has come.

    :param checks: what other features have to be asked
    :raises DomainError: if its last day for answers has passed meanwhile, or something is missing
    :raises MoveRefused: if it is not in review (any more)
    """
    _moderate(session, challenge, to=ChallengeState.SCHEDULED, by=by, at=at)
    for missing in filter(None, (check(session, challenge) for check in checks)):
        raise DomainError(missing)
    if challenge.mode is not Mode.CONSULTATION and not policy.has_criteria(challenge):
        raise DomainError(
            N_("The weights of its criteria do not add to 100. Ask the owner for criteria first.")
        )
    if not policy.has_its_end(challenge) or (challenge.closes_at and challenge.closes_at <= at):
        raise DomainError(
            N_("The last day for answers has passed. Ask the owner for new dates instead.")
        )
    enqueue_closing(session, challenge, at=at)
    if challenge.opens_on is None or start_of(challenge.opens_on) <= at:
        open_for_answers(session, challenge, outbox=outbox, at=at)
        return
    enqueue_opening(session, challenge, at=at)
    _tell_owner(session, challenge, outbox, emails.scheduled)


def request_changes(
    session: Session,
    challenge: Challenge,
    *,
    by: Actor,
    reason: str,
    outbox: Outbox,
    at: datetime,
) -> None:
    """Give a challenge back to its owner.

    :raises ReasonMissing: without a reason
    :raises MoveRefused: if it is not in review (any more)
    """
    changes = ChallengeState.CHANGES_REQUESTED
    _moderate(session, challenge, to=changes, by=by, at=at, reason=reason)
    for user in acting_people(session, challenge.owner_id):
        outbox.add(emails.changes_requested(user, challenge, outbox.links, reason=reason))


def decline(
    session: Session,
    challenge: Challenge,
    *,
    by: Actor,
    reason: str,
    outbox: Outbox,
    at: datetime,
) -> None:
    """Refuse to publish a challenge, for good.

    :raises Forbidden: if they are no regional developer
    :raises ReasonMissing: without a reason
    :raises MoveRefused: if it is not in review (any more)
    """
    if not by.is_regional_developer:
        raise Forbidden(N_("Only regional developers can decline a challenge."))
    _moderate(session, challenge, to=ChallengeState.DECLINED, by=by, at=at, reason=reason)
    enqueue_archiving(session, challenge, at=at)
    for user in acting_people(session, challenge.owner_id):
        outbox.add(emails.declined(user, challenge, outbox.links, reason=reason))


def _moderate(
    session: Session,
    challenge: Challenge,
    *,
    to: ChallengeState,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    mover = policy.moderator_of(by, challenge)
    if mover is None:
        raise Forbidden(N_("Others decide whether this is published."))
    on_behalf_of = challenge.curating_cluster if mover is Mover.CURATOR else None
    who = by.by(on_behalf_of)
    MACHINE.move(session, challenge, to=to, mover=mover, by=who, at=at, reason=reason)


def open_for_answers(
    session: Session,
    challenge: Challenge,
    *,
    outbox: Outbox,
    at: datetime,
    mover: Mover = Mover.TIMER,
    by: By = TIMER,
) -> None:
    """Open a scheduled challenge, as the timer does on its day.

    :raises MoveRefused: if it is not scheduled (any more)
    """
    MACHINE.move(session, challenge, to=ChallengeState.OPEN, mover=mover, by=by, at=at)
    challenge.opened_at = at
    if challenge.mode is Mode.ROLLING:
        enqueue_panel(session, challenge, at=at)
    plan_watching(session, challenge, at=at)
    _tell_owner(session, challenge, outbox, emails.opened)


def _tell_owner(
    session: Session,
    challenge: Challenge,
    outbox: Outbox,
    message: Callable[[User, Challenge, Links], Email],
) -> None:
    for user in acting_people(session, challenge.owner_id):
        outbox.add(message(user, challenge, outbox.links))
