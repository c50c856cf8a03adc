"""Every SELECT on shortlists."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session, joinedload

from app.challenges.models import Challenge
from app.core.journal import Event
from app.matches.cards import cards_of
from app.matches.crowds import pool
from app.matches.models import INVITED_STATES, SHORTLIST_STATES, UNANSWERED, Match, MatchState
from app.matches.policy import CAP_PERIOD, MatchCard, MemberShare, free_from, member_share
from app.matches.queries import (
    acting_people_by_organisation,
    invited_since,
    member_ids,
    newest_run,
    ranked_organisation_ids,
    stopped_ids,
)
from app.organisations.models import Organisation
from app.shortlists.models import CoSignature, Pace, SendingPlan, ShareReason, ShortlistVersion
from app.shortlists.policy import Known, LastBatch, Recipient, Shares, in_order, recipients

SEARCH_SIZE = 20


def entries_of(session: Session, challenge: Challenge) -> list[MatchCard]:
    """Return the shortlist in its order, kept and invited."""
    return in_order(cards_of(session, challenge, SHORTLIST_STATES))


def kept_of(session: Session, challenge: Challenge) -> list[MatchCard]:
    """Return in its order what would be sent."""
    return in_order(cards_of(session, challenge, {MatchState.KEPT}))


def last_position(session: Session, challenge_id: int) -> int:
    """Return the last position in use, 0 for an empty list."""
    statement = select(func.max(Match.position)).where(Match.challenge_id == challenge_id)
    return session.scalar(statement) or 0


def kept_matches(session: Session, challenge_id: int, *, lock: bool = False) -> Sequence[Match]:
    """Return the kept matches in order, each with its organisation.

    :param lock: let nobody else change them until this transaction ends
    """
    statement = (
        select(Match)
        .where(Match.challenge_id == challenge_id, Match.state == MatchState.KEPT)
        .options(joinedload(Match.organisation))
        .order_by(Match.position, Match.id)
    )
    if lock:
        newest = {"populate_existing": True}
        statement = statement.with_for_update(of=Match).execution_options(**newest)
    return session.scalars(statement).all()


def recipients_of(
    session: Session,
    challenge: Challenge,
    *,
    per_week: int,
    now: datetime,
    kept: Sequence[MatchCard] | None = None,
) -> list[Recipient]:
    """Return who would get which mail if the list were sent now.

    :param per_week: so many invitations an organisation gets in any seven days
    :param kept: what would be sent, in its order, where that is known already
    """
    cards = kept_of(session, challenge) if kept is None else kept
    ids = [card.organisation.id for card in cards]
    invited = select(Match.organisation_id).where(
        Match.challenge_id == challenge.id, Match.state.in_(INVITED_STATES)
    )
    written = acting_people_by_organisation(session, session.scalars(invited).all())
    sent = invited_since(session, ids, now - CAP_PERIOD)
    known = Known(
        people=acting_people_by_organisation(session, ids),
        written={user.id for users in written.values() for user in users},
        free_from={each: free_from(sent[each], per_week, now) for each in ids},
        stopped=stopped_ids(session, ids),
    )
    return recipients(cards, known)


def plan_of(session: Session, challenge_id: int) -> SendingPlan | None:
    """Return what was set for the batches of a challenge, if anything was."""
    return session.scalar(select(SendingPlan).where(SendingPlan.challenge_id == challenge_id))


def pace_of(session: Session, challenge_id: int) -> Pace:
    """Return in what batches the invitations of a challenge go out."""
    plan = plan_of(session, challenge_id)
    return Pace(plan.batch_size, plan.wait_days, plan.is_automatic) if plan else Pace()


_HAS_SAID_NOTHING = Match.state.in_(UNANSWERED) & Match.not_now_until.is_(None)
_LAST_BATCH = (
    select(
        Match.batch,
        func.max(Match.sent_at),
        func.count(),
        func.sum(case((_HAS_SAID_NOTHING, 1), else_=0)),
    )
    .where(Match.challenge_id == bindparam("challenge_id"), Match.batch.is_not(None))
    .group_by(Match.batch)
    .order_by(Match.batch.desc())
    .limit(1)
)


def last_batch(session: Session, challenge_id: int) -> LastBatch | None:
    """Return the batch that went out last; "not now" counts as a reply."""
    row = session.execute(_LAST_BATCH, {"challenge_id": challenge_id}).first()
    return LastBatch(*row) if row else None


def lock_organisations(session: Session, organisation_ids: Collection[int]) -> None:
    """Let no other transaction invite these organisations until this one ends."""
    rows = select(Organisation.id).where(Organisation.id.in_(organisation_ids))
    session.execute(rows.order_by(Organisation.id).with_for_update())


def versions_of(session: Session, challenge_id: int) -> Sequence[ShortlistVersion]:
    """Return every sent version of a list, newest first."""
    statement = select(ShortlistVersion).where(ShortlistVersion.challenge_id == challenge_id)
    return session.scalars(statement.order_by(ShortlistVersion.number.desc())).all()


def version_of(session: Session, challenge_id: int, number: int) -> ShortlistVersion | None:
    """Return one sent version of a list."""
    statement = select(ShortlistVersion).where(
        ShortlistVersion.challenge_id == challenge_id, ShortlistVersion.number == number
    )
    return session.scalar(statement)


def organisations_named(
    session: Session, challenge: Challenge, words: str
) -> Sequence[Organisation]:
    """Return verified organisations whose name holds these words, but not the owner."""
    statement = (
        select(Organisation)
        .where(
            Organisation.name.icontains(words, autoescape=True),
            Organisation.verified_at.is_not(None),
            Organisation.id != challenge.owner_id,
        )
        .order_by(Organisation.name)
        .limit(SEARCH_SIZE)
    )
    return session.scalars(statement).all()


def addable_organisation(
    session: Session, challenge: Challenge, organisation_id: int
) -> Organisation | None:
    """Return an organisation that may be added: verified and not the owner."""
    statement = select(Organisation).where(
        Organisation.id == organisation_id,
        Organisation.verified_at.is_not(None),
        Organisation.id != challenge.owner_id,
    )
    return session.scalar(statement)


def states_by_organisation(session: Session, challenge_id: int) -> Mapping[int, MatchState]:
    """Return where each matched organisation stands."""
    statement = select(Match.organisation_id, Match.state).where(Match.challenge_id == challenge_id)
    return dict(session.execute(statement).all())


def shares_of(
    session: Session, challenge: Challenge, entries: Sequence[MatchCard]
) -> Shares | None:
    """Return how many of a list belong to its cluster; None without cluster or list."""
    cluster = challenge.curating_cluster
    if cluster is None or not entries:
        return None
    members, run = member_ids(session, cluster.id), newest_run(session, challenge.id)
    return Shares(
        cluster=cluster,
        listed=member_share([card.organisation.id for card in entries], members),
        pool=MemberShare(*pool(session, challenge)),
        machine=member_share(ranked_organisation_ids(session, run), members) if run else None,
    )


def shares_now(session: Session, challenge: Challenge) -> Shares | None:
    """Return the same of the list as it stands."""
    return shares_of(session, challenge, entries_of(session, challenge))


def share_reason_of(session: Session, challenge_id: int) -> ShareReason | None:
    """Return the newest reason for a conspicuous share; None if the list was never flagged."""
    statement = select(ShareReason).where(ShareReason.challenge_id == challenge_id)
    return session.scalar(statement.order_by(ShareReason.id.desc()).limit(1))


def co_signature_of(session: Session, challenge_id: int) -> CoSignature | None:
    """Return the region's signature on the decisions of a challenge."""
    return session.scalar(select(CoSignature).where(CoSignature.challenge_id == challenge_id))


def organisation_names(session: Session, challenge_id: int) -> Mapping[int, str]:
    """Return the names of the matched organisations of a challenge, by match."""
    statement = select(Match.id, Organisation.name).join(Match.organisation)
    return dict(session.execute(statement.where(Match.challenge_id == challenge_id)).all())


def latest_events(session: Session, challenge_id: int) -> Mapping[int, Event]:
    """Return what happened last to each match of a challenge, by match."""
    statement = (
        select(Event)
        .join(Match, Match.id == Event.subject_id)
        .where(Event.subject_kind == Match.__tablename__, Match.challenge_id == challenge_id)
        .order_by(Event.id)
    )
    return {event.subject_id: event for event in session.scalars(statement)}
