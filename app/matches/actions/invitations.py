"""Invitations: sent, read, answered, asked again, expired."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core import jobs, journal
from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.matches import emails, queries
from app.matches.models import (
    ANSWERS_END,
    ASK_AGAIN,
    MACHINE,
    UNANSWERED,
    Match,
    MatchState,
    Reply,
)
from app.matches.policy import MatchCard, curating_mover
from app.organisations.policy import Actor
from app.organisations.queries import acting_people

NOT_NOW_FOR = timedelta(days=7)


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
    session: Session, challenge: Challenge, matches: Sequence[Match], *, by: Actor, at: datetime
) -> None:
    """Mark kept matches as sent; whoever calls this writes the mails with ``write_mails``."""
    mover = curating_mover(by, challenge)
    for match in matches:
        MACHINE.move(
            session,
            match,
            to=MatchState.SENT,
            mover=mover,
            by=by.by(challenge.curating_cluster),
            at=at,
        )
        match.sent_at = at
    _expire_at_close(session, challenge, at=at)


def _expire_at_close(session: Session, challenge: Challenge, *, at: datetime) -> None:
    if challenge.closes_at is None:
        return
    jobs.enqueue(
        session,
        ANSWERS_END,
        {"challenge_id": challenge.id},
        at=at,
        run_at=challenge.closes_at,
        dedupe_key=f"{ANSWERS_END}:{challenge.id}",
    )


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


def _interested(session: Session, match: Match, by: Actor, outbox: Outbox, _reason: str) -> None:
    if match.state is MatchState.INTERESTED:
        return
    _respond(session, match, MatchState.INTERESTED, by=by, at=outbox.now)
    match.replied_at, match.not_now_until, match.decline_reason = outbox.now, None, ""
    owners = acting_people(session, match.challenge.owner_id)
    waiting = {user.id: user for user in (*_curators(session, match), *owners)}
    for user in waiting.values():
        outbox.add(emails.interest(user, match, outbox.links))


def _not_for_us(session: Session, match: Match, by: Actor, outbox: Outbox, reason: str) -> None:
    if match.state is MatchState.DECLINED:
        return
    _respond(session, match, MatchState.DECLINED, by=by, at=outbox.now, reason=reason)
    match.replied_at, match.not_now_until, match.decline_reason = outbox.now, None, reason
    for user in _curators(session, match):
        outbox.add(emails.declined(user, match, outbox.links))


def _not_now(session: Session, match: Match, by: Actor, outbox: Outbox, _reason: str) -> None:
    if match.state not in UNANSWERED:
        raise AlreadyReplied
    mark_seen(session, match, by=by, at=outbox.now)
    match.not_now_until = outbox.now + NOT_NOW_FOR
    journal.record(session, match, "match.postponed", by=by.by(match.organisation), at=outbox.now)
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


def _curators(session: Session, match: Match) -> Sequence[User]:
    cluster_id = match.challenge.curating_cluster_id
    if cluster_id is None:
        return queries.regional_developers(session)
    return acting_people(session, cluster_id)


def ask_again(session: Session, match: Match, user: User, *, outbox: Outbox) -> None:
    """Write once more to somebody who said "not now", if the invitation still stands."""
    is_open = match.state in UNANSWERED and match.challenge.takes_answers(outbox.now)
    if not is_open or user not in acting_people(session, match.organisation_id):
        return
    match.not_now_until = None
    card = queries.card_of(session, match)
    outbox.add(emails.invitation(user, [card], outbox.links, is_reminder=True))


def expire(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """End the invitations nobody replied to, or look again later if the challenge runs on."""
    if challenge.takes_answers(at):
        _expire_at_close(session, challenge, at=at)
        return
    for match in queries.matches_of(session, challenge.id):
        if match.state in UNANSWERED:
            MACHINE.move(
                session,
                match,
                to=MatchState.EXPIRED,
                mover=Mover.TIMER,
                by=journal.TIMER,
                at=at,
            )
