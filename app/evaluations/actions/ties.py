"""What people note about themselves: ties to organisations that outlast one challenge."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.core import journal
from app.evaluations import queries
from app.evaluations.actions.panel import settle_conflicts
from app.evaluations.models import Conflict, Tie
from app.organisations.models import Organisation
from app.organisations.policy import Actor


def note(
    session: Session,
    organisation: Organisation,
    kind: Conflict,
    *,
    ended_on: date | None,
    by: Actor,
    at: datetime,
) -> Tie:
    """Note what ties this person to an organisation."""
    assert by.user is not None  # noqa: S101 -- signed in
    tie = Tie(
        user_id=by.user.id,
        organisation_id=organisation.id,
        kind=kind,
        ended_on=ended_on,
        noted_at=at,
        noted_by_name=by.user.name,
    )
    session.add(tie)
    journal.record(session, tie, "tie.noted", by=by.by(), at=at, details={"kind": kind.value})
    for part in queries.parts_of_person(session, by.user.id):
        settle_conflicts(session, part.challenge, at=at)
    return tie


def end(session: Session, tie: Tie, *, today: date, by: Actor, at: datetime) -> None:
    """Note that a tie has ended; it goes on counting for as long as the rules say."""
    tie.ended_on = today
    journal.record(session, tie, "tie.ended", by=by.by(), at=at)
