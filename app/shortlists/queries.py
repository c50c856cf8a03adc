"""Every SELECT on shortlists."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.challenges.models import Challenge
from app.matches.models import INVITED_STATES, SHORTLIST_STATES, Match, MatchState
from app.matches.policy import MatchCard
from app.matches.queries import acting_people_by_organisation, cards_of
from app.organisations.models import Organisation
from app.shortlists.models import ShortlistVersion
from app.shortlists.policy import Recipient, in_order, recipients

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


def kept_matches(session: Session, challenge_id: int) -> Sequence[Match]:
    """Return the kept matches in order, each with its organisation."""
    statement = (
        select(Match)
        .where(Match.challenge_id == challenge_id, Match.state == MatchState.KEPT)
        .options(joinedload(Match.organisation))
        .order_by(Match.position, Match.id)
    )
    return session.scalars(statement).all()


def recipients_of(session: Session, challenge: Challenge) -> list[Recipient]:
    """Return who would get which mail if the list were sent now."""
    cards = kept_of(session, challenge)
    invited = select(Match.organisation_id).where(
        Match.challenge_id == challenge.id, Match.state.in_(INVITED_STATES)
    )
    written = acting_people_by_organisation(session, session.scalars(invited).all())
    return recipients(
        cards,
        acting_people_by_organisation(session, [card.organisation.id for card in cards]),
        {user.id for users in written.values() for user in users},
    )


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
