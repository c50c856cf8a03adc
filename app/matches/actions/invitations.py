"""Invitations: sent, read, answered, taken back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core import jobs, journal
from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.journal import By
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.matches import emails, queries
from app.matches.actions.tending import curators_of, expire_at_close, plan_batch, plan_tending
from app.matches.cards import card_of
from app.matches.models import (
    ASK_AGAIN,
    INVITED_STATES,
    MACHINE,
    UNANSWERED,
    InvitationStop,
    Match,
    MatchState,
    Reply,
)
from app.matches.policy import (
    EXPIRES_AFTER,
    NOT_NOW_FOR,
    NUDGES_AFTER,
    MatchCard,
    curating_mover,
)
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.organisations.queries import acting_people


class RepliesOver(DomainError):
    """The challenge takes no answers any more, so a reply would lead nowhere."""

    def __init__(self) -> None:
        super().__init__(
            N_("This challenge is closed for answers, so replies to its invitations are too.")
        )


class AlreadyReplied(DomainError):
    """A "not now" after a yes or a no."""

    def __init__(self) -> None:
        super().__init__(N_("Your organisation has replied to this invitation already."))


def invite(
    session: Session,
    challenge: Challenge,
    matches: Sequence[Match],
    *,
    mover: Mover,
    by: By,
    at: datetime,
) -> None:
    """Mark kept matches as sent; whoever calls this writes the mails with ``write_mails``."""
    for match in matches:
        MACHINE.move(session, match, to=MatchState.SENT, mover=mover, by=by, at=at)
        match.sent_at, match.queued_at = at, None
        match.expires_at, match.nudge_count = at + EXPIRES_AFTER, 0
    expire_at_close(session, challenge, at=at)
    plan_tending(session, challenge.id, matches, at=at)


def write_mails(
    cards: Sequence[MatchCard], people: Mapping[int, Sequence[User]], *, outbox: Outbox
) -> int:
    """Write one mail to each person for all their organisations; return how many.

    :param people: whom to write to, by organisation
    """
    user_by_id = {user.id: user for users in people.values() for user in users}
    for user in user_by_id.values():
        own = [card for card in cards if user in people.get(card.organisation.id, ())]
        outbox.add(emails.invitation(user, own, outbox.links))
    return len(user_by_id)


def mark_seen(session: Session, match: Match, *, by: Actor, at: datetime) -> None:
    """Note the first time somebody of the invited organisation reads the invitation."""
    if match.state is not MatchState.SENT:
        return
    _respond(session, match, MatchState.SEEN, by=by, at=at)
    match.seen_at = at


def reply(
    session: Session,
    match: Match,
    answer: Reply,
    *,
    by: Actor,
    outbox: Outbox,
    reason: str = "",
) -> None:
    """Take an organisation's reply and tell those who wait for it; the same again changes nothing.

    :raises RepliesOver: when the challenge takes no answers any more
    :raises MoveRefused: when the organisation has answered, or the invitation has expired
    """
    if not match.challenge.takes_answers(outbox.now):
        raise RepliesOver
    _REPLIES[answer](session, match, by, outbox, reason)
    plan_batch(session, match.challenge_id, at=outbox.now)


def _interested(session: Session, match: Match, by: Actor, outbox: Outbox, _reason: str) -> None:
    if match.state is MatchState.INTERESTED:
        return
    _respond(session, match, MatchState.INTERESTED, by=by, at=outbox.now)
    match.replied_at, match.not_now_until, match.decline_reason = outbox.now, None, ""
    owners = acting_people(session, match.challenge.owner_id)
    waiting = {user.id: user for user in (*curators_of(session, match.challenge), *owners)}
    for user in waiting.values():
        outbox.add(emails.interest(user, match, outbox.links))


def _not_for_us(session: Session, match: Match, by: Actor, outbox: Outbox, reason: str) -> None:
    if match.state is MatchState.DECLINED:
        return
    _respond(session, match, MatchState.DECLINED, by=by, at=outbox.now, reason=reason)
    match.replied_at, match.not_now_until, match.decline_reason = outbox.now, None, reason
    for user in curators_of(session, match.challenge):
        outbox.add(emails.declined(user, match, outbox.links))


def _not_now(session: Session, match: Match, by: Actor, outbox: Outbox, _reason: str) -> None:
    if match.state not in UNANSWERED:
        raise AlreadyReplied
    mark_seen(session, match, by=by, at=outbox.now)
    match.not_now_until = outbox.now + NOT_NOW_FOR
    match.nudge_count = len(NUDGES_AFTER)
    earliest = match.not_now_until + NOT_NOW_FOR
    match.expires_at = max(match.expires_at or earliest, earliest)
    journal.record(session, match, "match.postponed", by=by.by(match.organisation), at=outbox.now)
    plan_tending(session, match.challenge_id, [match], at=outbox.now)
    jobs.enqueue(
        session,
        ASK_AGAIN,
        {"match_id": match.id, "user_id": by.user.id if by.user else None},
        at=outbox.now,
        run_at=match.not_now_until,
        dedupe_key=f"{ASK_AGAIN}:{match.id}",
    )


_REPLIES: Mapping[Reply, Callable[[Session, Match, Actor, Outbox, str], None]] = {
    Reply.INTERESTED: _interested,
    Reply.NOT_FOR_US: _not_for_us,
    Reply.NOT_NOW: _not_now,
}


def _respond(
    session: Session, match: Match, to: MatchState, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    MACHINE.move(
        session,
        match,
        to=to,
        mover=Mover.RESPONDER,
        by=by.by(match.organisation),
        at=at,
        reason=reason,
    )


def ask_again(session: Session, match: Match, user: User, *, outbox: Outbox) -> None:
    """Write once more to somebody who said "not now", if the invitation still stands."""
    is_open = match.state in UNANSWERED and match.challenge.takes_answers(outbox.now)
    if not is_open or user not in acting_people(session, match.organisation_id):
        return
    match.not_now_until = None
    card = card_of(session, match)
    outbox.add(emails.invitation(user, [card], outbox.links, occasion=emails.Occasion.ASKED_AGAIN))


def recall(session: Session, match: Match, *, reason: str, by: Actor, outbox: Outbox) -> None:
    """Take a match back; an organisation that was invited is told why.

    What it has begun to write stays its own, and the challenge stays open to it as to everybody.

    :raises ReasonMissing: without a reason
    :raises MoveRefused: once it has declined, expired or answered
    """
    challenge = match.challenge
    mover, was_told = curating_mover(by, challenge), match.state in INVITED_STATES
    acting = by.by(challenge.curating_cluster)
    to, at = MatchState.RECALLED, outbox.now
    MACHINE.move(session, match, to=to, mover=mover, by=acting, at=at, reason=reason)
    match.recall_reason, match.position, match.queued_at = reason, None, None
    match.not_now_until = None
    plan_batch(session, challenge.id, at=at)
    if was_told:
        for user in acting_people(session, match.organisation_id):
            outbox.add(emails.recalled(user, match, outbox.links))


def stop(session: Session, organisation: Organisation, *, by: Actor, at: datetime) -> None:
    """Note that an organisation wants no further invitations; those it has stay."""
    if queries.stop_of(session, organisation.id) is None:
        name = by.user.name if by.user else ""
        session.add(InvitationStop(organisation_id=organisation.id, since=at, by_name=name))
        _note(session, organisation, "organisation.invitations_stopped", by, at)


def welcome(session: Session, organisation: Organisation, *, by: Actor, at: datetime) -> None:
    """Note that an organisation wants invitations again."""
    found = queries.stop_of(session, organisation.id)
    if found is not None:
        session.delete(found)
        _note(session, organisation, "organisation.invitations_welcome", by, at)


def _note(
    session: Session, organisation: Organisation, action: str, by: Actor, at: datetime
) -> None:
    journal.record(session, organisation, action, by=by.by(organisation), at=at)
