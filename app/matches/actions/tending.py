"""What the platform does about invitations without a reply: remind, then let them expire."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core import jobs, journal
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.matches import emails, queries
from app.matches.cards import cards_of
from app.matches.models import (
    ANSWERS_END,
    BATCH_DUE,
    MACHINE,
    TENDING,
    UNANSWERED,
    Match,
    MatchState,
)
from app.matches.policy import (
    EXPIRES_AFTER,
    NOT_NOW_FOR,
    NUDGES_AFTER,
    Care,
    MatchCard,
    next_care,
    nudges_due,
)
from app.organisations.queries import acting_people


def plan_tending(
    session: Session, challenge_id: int, matches: Iterable[Match], *, at: datetime
) -> None:
    """Have the platform look again when the next of these invitations needs it."""
    moments = [care[0] for match in matches if (care := next_care(match))]
    if moments:
        _wake(session, TENDING, challenge_id, at=at, run_at=min(moments))


def plan_batch(session: Session, challenge_id: int, *, at: datetime) -> None:
    """Have the platform see whether the next batch may go out, now that something changed."""
    _wake(session, BATCH_DUE, challenge_id, at=at, run_at=at)


def _wake(
    session: Session, kind: str, challenge_id: int, *, at: datetime, run_at: datetime
) -> None:
    payload, key = {"challenge_id": challenge_id}, f"{kind}:{challenge_id}"
    jobs.wake(session, kind, payload, at=at, run_at=run_at, dedupe_key=key)


def give_terms(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """Give invitations without a reply an end, where they were sent before there were any.

    Nobody is cut off: as long as after a "not now" is left to reply.
    """
    if not challenge.takes_answers(at):
        return
    waiting = [card.match for card in cards_of(session, challenge, UNANSWERED)]
    endless = [match for match in waiting if match.sent_at and match.expires_at is None]
    for match in endless:
        match.expires_at = max((match.sent_at or at) + EXPIRES_AFTER, at + NOT_NOW_FOR)
    plan_tending(session, challenge.id, endless, at=at)


def expire_at_close(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """Have invitations without a reply expire when the challenge closes."""
    if challenge.closes_at is None:
        return
    payload, key = {"challenge_id": challenge.id}, f"{ANSWERS_END}:{challenge.id}"
    jobs.enqueue(session, ANSWERS_END, payload, at=at, run_at=challenge.closes_at, dedupe_key=key)


def tend(session: Session, challenge: Challenge, *, outbox: Outbox) -> None:
    """Remind of invitations and end those whose time is up, whichever is due; plan the next look.

    Who declined, answered or was taken back hears nothing, nor does anybody after the close.
    """
    if not challenge.takes_answers(outbox.now):
        return
    cards = cards_of(session, challenge, UNANSWERED)
    due = [(card, care) for card in cards if (care := _care_due(card, outbox.now))]
    _remind([card for card, care in due if care is Care.NUDGE], session, outbox)
    expired = [card for card, care in due if care is Care.EXPIRE]
    for card in expired:
        _expire(session, card.match, at=outbox.now)
    if expired:
        for user in curators_of(session, challenge):
            outbox.add(emails.expired(user, expired, outbox.links))
        plan_batch(session, challenge.id, at=outbox.now)
    plan_tending(session, challenge.id, [card.match for card in cards], at=outbox.now)


def _care_due(card: MatchCard, now: datetime) -> Care | None:
    care = next_care(card.match)
    return care[1] if care and care[0] <= now else None


def _remind(cards: Sequence[MatchCard], session: Session, outbox: Outbox) -> None:
    people = queries.acting_people_by_organisation(session, [c.organisation.id for c in cards])
    for card in cards:
        card.match.nudge_count = nudges_due(card.match, outbox.now)
        details = {"number": card.match.nudge_count}
        journal.record(
            session, card.match, "match.nudged", by=journal.TIMER, at=outbox.now, details=details
        )
    for user in {user.id: user for users in people.values() for user in users}.values():
        own = [card for card in cards if user in people[card.organisation.id]]
        is_last = all(card.match.nudge_count == len(NUDGES_AFTER) for card in own)
        occasion = emails.Occasion.LAST_NUDGE if is_last else emails.Occasion.NUDGE
        outbox.add(emails.invitation(user, own, outbox.links, occasion=occasion))


def expire(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """End the invitations nobody replied to, or look again later if the challenge runs on."""
    if challenge.takes_answers(at):
        expire_at_close(session, challenge, at=at)
        return
    for match in queries.matches_of(session, challenge.id):
        if match.state in UNANSWERED:
            _expire(session, match, at=at)


def _expire(session: Session, match: Match, *, at: datetime) -> None:
    to, mover = MatchState.EXPIRED, Mover.TIMER
    MACHINE.move(session, match, to=to, mover=mover, by=journal.TIMER, at=at)
    match.not_now_until = None


def curators_of(session: Session, challenge: Challenge) -> Sequence[User]:
    """Return the people who look after a challenge: its cluster's, or the region's."""
    if challenge.curating_cluster_id is None:
        return queries.regional_developers(session)
    return acting_people(session, challenge.curating_cluster_id)
