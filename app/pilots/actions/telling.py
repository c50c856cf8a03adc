"""Whom a change of a pilot is told to, each person once."""

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.queries import regional_developers
from app.challenges.queries import reviewers
from app.core.journal import TIMER, By
from app.core.outbox import Email, Outbox
from app.dialogue.queries import everybody_concerned
from app.organisations.queries import acting_people
from app.pilots import queries
from app.pilots.models import Pilot, Side
from app.responses.queries import authors_people

Message = Callable[..., Email]


def people_of(session: Session, pilot: Pilot, side: Side) -> list[User]:
    """Return the people of one side; the responder's with those of signed partners."""
    if side is Side.OWNER:
        return list(acting_people(session, pilot.challenge.owner_id))
    return authors_people(session, pilot.response)


def tell_side(
    session: Session,
    pilot: Pilot,
    side: Side,
    outbox: Outbox,
    message: Message,
    *,
    besides: By = TIMER,
) -> None:
    """Send a message to the people of one side, but not to whoever caused it."""
    for user in people_of(session, pilot, side):
        if user.id != besides.user_id:
            outbox.add(message(pilot, to=user, links=outbox.links))


def tell_both(session: Session, pilot: Pilot, outbox: Outbox, message: Message) -> None:
    """Send a message to both sides and to those who look after the challenge."""
    overseers = [*reviewers(session, pilot.challenge), *regional_developers(session)]
    sides = [user for side in Side for user in people_of(session, pilot, side)]
    for user in _once([*sides, *overseers]):
        outbox.add(message(pilot, to=user, links=outbox.links))


def tell_everybody(
    session: Session, pilot: Pilot, outbox: Outbox, message: Message, to_similar: Message
) -> None:
    """Send a message to all concerned with the challenge, another to owners of similar ones."""
    listeners = [listener.user for listener in everybody_concerned(session, pilot.challenge)]
    sides = [user for side in Side for user in people_of(session, pilot, side)]
    told = _once([*sides, *listeners, *regional_developers(session)])
    for user in told:
        outbox.add(message(pilot, to=user, links=outbox.links))
    known = {user.id for user in told}
    for user in queries.owners_of_similar(session, pilot.challenge):
        if user.id not in known:
            outbox.add(to_similar(pilot, to=user, links=outbox.links))


def _once(users: Iterable[User]) -> list[User]:
    return list({user.id: user for user in users}.values())
