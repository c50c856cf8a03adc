"""Sending: batches of invitations, by hand or by the platform, and what is kept of each."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.challenges.models import Challenge, ChallengeState
from app.core import jobs, journal
from app.core.errors import DomainError, Stale
from app.core.i18n import N_, format_date
from app.core.journal import TIMER, By
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.matches.actions import invitations
from app.matches.cards import cards_of
from app.matches.models import BATCH_DUE, MatchState
from app.matches.policy import MatchCard, check_curation, curating_mover
from app.matches.queries import newest_run
from app.organisations.policy import Actor
from app.shortlists import queries
from app.shortlists.models import Entry, Pace, SendingPlan, ShareReason, ShortlistVersion
from app.shortlists.policy import Recipient, Round, Shares, coming_batch, next_batch_at, next_round


class ListChanged(Stale):
    """The list is not the one that was shown before sending."""

    def __init__(self) -> None:
        super().__init__(N_("The list changed while you were looking at it. Check it again."))


class NobodyKept(DomainError):
    """There is nobody to invite."""

    def __init__(self) -> None:
        super().__init__(N_("There is nobody to invite: keep at least one match first."))


class NotOpen(DomainError):
    """Invitations go out only while the challenge takes answers."""


class ReasonOwed(DomainError):
    """The cluster's own members are far more of the list than of those who may answer."""

    status_code = 422
    field = "share_reason"

    def __init__(self) -> None:
        super().__init__(
            N_("Say why the list has so many members of your own cluster; the region reads it.")
        )


@dataclass(frozen=True)
class Sender:
    """In which role somebody sends, and how many invitations a week an organisation gets."""

    mover: Mover
    by: By
    per_week: int
    share_reason: str = ""
    """Why own members are so many, where they are."""


def sender(by: Actor, challenge: Challenge, *, per_week: int, share_reason: str = "") -> Sender:
    """Return the role in which a person sends invitations.

    :raises Forbidden: if they do not curate this challenge
    """
    mover = curating_mover(by, challenge)
    return Sender(mover, by.by(challenge.curating_cluster), per_week, share_reason.strip())


def round_of(
    session: Session, challenge: Challenge, found: Sequence[Recipient], *, now: datetime
) -> Round:
    """Return what sending the list to these would do at this moment."""
    size = queries.pace_of(session, challenge.id).batch_size
    return next_round(found, size, now=now, closes_at=challenge.closes_at)


def send(
    session: Session,
    challenge: Challenge,
    match_ids: Collection[int],
    *,
    how: Sender,
    outbox: Outbox,
) -> Round:
    """Invite the first batch of those who are kept, and let the others follow by themselves.

    :param match_ids: whom the page showed
    :raises NotOpen: when the challenge does not take answers (yet, or any more)
    :raises NobodyKept: when nobody is kept
    :raises ListChanged: when others are kept than were shown
    :raises ReasonOwed: when own members are conspicuously many and nobody says why
    """
    check_open(challenge, outbox.now)
    kept = [match.organisation_id for match in queries.kept_matches(session, challenge.id)]
    queries.lock_organisations(session, kept)
    found = queries.recipients_of(session, challenge, per_week=how.per_week, now=outbox.now)
    coming = round_of(session, challenge, found, now=outbox.now)
    if not coming.everybody:
        raise NobodyKept
    if {recipient.card.match.id for recipient in coming.everybody} != set(match_ids):
        raise ListChanged
    shares = queries.shares_now(session, challenge)
    _explain_share(session, challenge, shares, how, outbox.now)
    for recipient in coming.queued:
        recipient.card.match.queued_at = recipient.card.match.queued_at or outbox.now
    _send_batch(session, challenge, coming.now, how, outbox, shares)
    plan_next(session, challenge, per_week=how.per_week, at=outbox.now)
    return coming


def _explain_share(
    session: Session, challenge: Challenge, shares: Shares | None, how: Sender, at: datetime
) -> None:
    if shares is None or not shares.is_flagged:
        return
    if not how.share_reason:
        raise ReasonOwed
    given = ShareReason(
        challenge_id=challenge.id,
        reason=how.share_reason,
        listed_members=shares.listed.members,
        listed_total=shares.listed.total,
        pool_members=shares.pool.members,
        pool_total=shares.pool.total,
        given_at=at,
        given_by_name=how.by.name,
    )
    session.add(given)
    journal.record(
        session, challenge, "shortlist.share_explained", by=how.by, at=at, reason=given.reason
    )


def send_when_due(session: Session, challenge: Challenge, *, per_week: int, outbox: Outbox) -> None:
    """Send the next batch of those a curator has let follow, if its time has come; plan the next.

    Nothing goes out once the challenge takes no answers.
    """
    if not challenge.takes_answers(outbox.now):
        return
    found = queries.recipients_of(session, challenge, per_week=per_week, now=outbox.now)
    coming = _queued(session, challenge, found, outbox.now)
    due = _due(session, challenge, coming, outbox.now)
    if due is not None and due <= outbox.now:
        queries.lock_organisations(session, [each.card.organisation.id for each in coming.now])
        by_timer = Sender(Mover.TIMER, TIMER, per_week)
        shares = queries.shares_now(session, challenge)
        _send_batch(session, challenge, coming.now, by_timer, outbox, shares)
    plan_next(session, challenge, per_week=per_week, at=outbox.now)


def plan_next(session: Session, challenge: Challenge, *, per_week: int, at: datetime) -> None:
    """Have the next batch sent when its time comes, unless that is after the close."""
    found = queries.recipients_of(session, challenge, per_week=per_week, now=at)
    pace, last = queries.pace_of(session, challenge.id), queries.last_batch(session, challenge.id)
    due = coming_batch(found, pace, last, closes_at=challenge.closes_at, now=at)
    if due is not None:
        payload, key = {"challenge_id": challenge.id}, f"{BATCH_DUE}:{challenge.id}"
        jobs.wake(session, BATCH_DUE, payload, at=at, run_at=due, dedupe_key=key)


def _queued(
    session: Session, challenge: Challenge, found: Sequence[Recipient], now: datetime
) -> Round:
    queued = [recipient for recipient in found if recipient.card.match.queued_at]
    return round_of(session, challenge, queued, now=now)


def _due(session: Session, challenge: Challenge, coming: Round, now: datetime) -> datetime | None:
    last = queries.last_batch(session, challenge.id)
    return next_batch_at(last, queries.pace_of(session, challenge.id), coming, now)


def _send_batch(
    session: Session,
    challenge: Challenge,
    batch: Sequence[Recipient],
    how: Sender,
    outbox: Outbox,
    shares: Shares | None,
) -> None:
    if not batch:
        return
    cards, at = [recipient.card for recipient in batch], outbox.now
    number = len(queries.versions_of(session, challenge.id)) + 1
    for card in cards:
        card.match.batch = number
    matches = [card.match for card in cards]
    invitations.invite(session, challenge, matches, mover=how.mover, by=how.by, at=at)
    people = {recipient.card.organisation.id: recipient.people for recipient in batch}
    invitations.write_mails(cards, people, outbox=outbox)
    _record_version(session, challenge, number, shares, by=how.by, at=at)


def set_pace(
    session: Session, challenge: Challenge, pace: Pace, *, by: Actor, per_week: int, at: datetime
) -> None:
    """Set in what batches the invitations of a challenge go out."""
    check_curation(challenge)
    curating_mover(by, challenge)
    plan = queries.plan_of(session, challenge.id)
    if plan is None:
        plan = SendingPlan(challenge_id=challenge.id)
        session.add(plan)
    plan.batch_size, plan.wait_days = pace.batch_size, pace.wait_days
    plan.is_automatic = pace.is_automatic
    session.flush()  # so that the next batch is planned by it
    acting, details = by.by(challenge.curating_cluster), asdict(pace)
    journal.record(session, challenge, "shortlist.paced", by=acting, at=at, details=details)
    if challenge.takes_answers(at):
        plan_next(session, challenge, per_week=per_week, at=at)


def check_open(challenge: Challenge, now: datetime) -> None:
    """Check that invitations may go out.

    :raises NotOpen: if they may not, saying when they may
    """
    if challenge.takes_answers(now):
        return
    if challenge.state is ChallengeState.SCHEDULED and challenge.opens_on:
        raise NotOpen(
            N_("This challenge opens on %(day)s. Invitations can be sent from then on."),
            day=format_date(challenge.opens_on),
        )
    raise NotOpen(N_("Invitations can be sent only while the challenge is open for answers."))


def _record_version(
    session: Session,
    challenge: Challenge,
    number: int,
    shares: Shares | None,
    *,
    by: By,
    at: datetime,
) -> None:
    entries = queries.entries_of(session, challenge)
    dropped = cards_of(session, challenge, {MatchState.DROPPED})
    run = newest_run(session, challenge.id)
    version = ShortlistVersion(
        challenge_id=challenge.id,
        number=number,
        run_id=run.id if run else None,
        created_at=at,
        created_by_name=by.name,
        entries=_described(entries),
        dropped=_described(dropped),
    )
    if shares is not None:
        listed, pool = shares.listed, shares.pool
        version.listed_members, version.listed_total = listed.members, listed.total
        version.pool_members, version.pool_total = pool.members, pool.total
    session.add(version)
    journal.record(session, challenge, "shortlist.sent", by=by, at=at, details={"number": number})


def _described(cards: Sequence[MatchCard]) -> list[dict[str, Any]]:
    return [asdict(_entry(card, place)) for place, card in enumerate(cards, 1)]


def _entry(card: MatchCard, place: int) -> Entry:
    return Entry(
        organisation_id=card.organisation.id,
        name=card.organisation.name,
        position=None if card.match.position is None else place,
        rank=card.rank,
        note=card.match.note,
        state=card.match.state,
        drop_reason=card.match.drop_reason,
    )
