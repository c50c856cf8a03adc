"""Every write on challenges."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges import emails, policy, queries
from app.challenges.models import (
    ANSWERS_CLOSED,
    ARCHIVING,
    CLOSING,
    EDITABLE_STATES,
    KEPT_FOR,
    MACHINE,
    MATCHING_WANTED,
    OPENING,
    Challenge,
    ChallengeState,
    Section,
    start_of,
)
from app.challenges.policy import Gap
from app.core import jobs, journal
from app.core.errors import DomainError, Forbidden, Stale
from app.core.i18n import N_, TIME_ZONE
from app.core.journal import TIMER, By
from app.core.links import Links
from app.core.outbox import Email, Outbox
from app.core.state_machine import Mover
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.organisations.queries import acting_people


class Incomplete(DomainError):
    """The challenge cannot be submitted yet; ``gaps`` says what is missing."""

    status_code = 422

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__(N_("Some parts of the challenge are still missing."))
        self.gaps = gaps


def create(
    session: Session, owner: Organisation, *, title: str, lang: str, by: Actor, at: datetime
) -> Challenge:
    """Start a draft for an organisation.

    :raises Forbidden: if they do not act for it, or nobody verified it yet
    """
    if not by.acts_for(owner.id) or owner.verified_at is None:
        raise Forbidden(N_("Only managers and editors of a verified organisation can do this."))
    challenge = Challenge(
        owner_id=owner.id,
        created_by_id=by.user.id if by.user else None,
        title=title,
        lang=lang,
        created_at=at,
        updated_at=at,
    )
    session.add(challenge)
    journal.record(session, challenge, "challenge.created", by=by.by(owner), at=at)
    return challenge


def revise(
    session: Session,
    challenge: Challenge,
    section: Section,
    changes: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Write one section of a draft.

    :param changes: attribute → value, as the section's form gives them
    :raises Forbidden: if they may not edit it now
    """
    if not policy.can_edit(by, challenge):
        raise Forbidden(N_("This challenge is not yours to change now."))
    for name, value in changes.items():
        setattr(challenge, name, value)
    challenge.updated_at = at
    session.flush()  # the row gets the version that the event names
    details = {"section": section.value, "version": challenge.version}
    who = by.by(challenge.owner)
    journal.record(session, challenge, "challenge.revised", by=who, at=at, details=details)


def submit(
    session: Session, challenge: Challenge, *, by: Actor, outbox: Outbox, at: datetime
) -> None:
    """Hand a complete draft in for review, and have matches looked for meanwhile.

    :raises Incomplete: if something is missing
    :raises MoveRefused: if it is no draft (any more)
    """
    today = at.astimezone(TIME_ZONE).date()
    gaps = policy.gaps(challenge, today)
    if gaps and challenge.state in EDITABLE_STATES:
        raise Incomplete(gaps)
    who = by.by(challenge.owner)
    MACHINE.move(session, challenge, to=ChallengeState.IN_REVIEW, mover=Mover.OWNER, by=who, at=at)
    challenge.submitted_at = at
    jobs.enqueue(
        session,
        MATCHING_WANTED,
        {"challenge_id": challenge.id},
        at=at,
        dedupe_key=f"{MATCHING_WANTED}:{challenge.id}",
    )
    due = policy.review_due(today)
    for user in acting_people(session, challenge.owner_id):
        outbox.add(emails.received(user, challenge, outbox.links, due=due))
    for user in queries.reviewers(session, challenge):
        outbox.add(emails.review_wanted(user, challenge, outbox.links, due=due))


def approve(
    session: Session, challenge: Challenge, *, by: Actor, outbox: Outbox, at: datetime
) -> None:
    """Let a challenge be published on its day, or at once if that day has come.

    :raises DomainError: if its last day for answers has passed meanwhile, or criteria are missing
    :raises MoveRefused: if it is not in review (any more)
    """
    _moderate(session, challenge, to=ChallengeState.SCHEDULED, by=by, at=at)
    if not policy.has_criteria(challenge):
        raise DomainError(
            N_("The weights of its criteria do not add to 100. Ask the owner for criteria first.")
        )
    if challenge.closes_at is None or challenge.closes_at <= at:
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
    _tell_owner(session, challenge, outbox, emails.opened)


def enqueue_opening(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """Have the challenge opened at the first moment of its day."""
    run_at = start_of(challenge.opens_on) if challenge.opens_on else at
    _enqueue(session, OPENING, challenge, at=at, run_at=run_at)


def enqueue_closing(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """Have the challenge closed at its deadline; one without deadline stays open."""
    if challenge.closes_at is not None:
        _enqueue(session, CLOSING, challenge, at=at, run_at=challenge.closes_at)


def enqueue_aftermath(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """Have done what follows the close of a challenge, such as the screening of its answers."""
    _enqueue(session, ANSWERS_CLOSED, challenge, at=at, run_at=at)


def enqueue_archiving(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """Have an ended challenge archived after a year."""
    _enqueue(session, ARCHIVING, challenge, at=at, run_at=at + KEPT_FOR)


def _enqueue(
    session: Session, kind: str, challenge: Challenge, *, at: datetime, run_at: datetime
) -> None:
    payload, key = {"challenge_id": challenge.id}, f"{kind}:{challenge.id}"
    jobs.enqueue(session, kind, payload, at=at, run_at=run_at, dedupe_key=key)


def _tell_owner(
    session: Session,
    challenge: Challenge,
    outbox: Outbox,
    message: Callable[[User, Challenge, Links], Email],
) -> None:
    for user in acting_people(session, challenge.owner_id):
        outbox.add(message(user, challenge, outbox.links))
