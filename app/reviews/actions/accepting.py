"""What follows a selection: accepted or refused within ten days; a reserve moves up."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core import jobs
from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.journal import TIMER, By
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.evaluations.actions.scoring import stop
from app.organisations.policy import Actor
from app.organisations.queries import acting_people
from app.responses.models import CHOSEN_STATES, MACHINE, Response, ResponseState
from app.responses.queries import authors_people
from app.reviews import emails, queries
from app.reviews.models import ACCEPTANCE_DUE, ACCEPTANCE_NUDGE, Decision
from app.reviews.policy import REPLY_NUDGE, REPLY_TERM

NO_REPLY = N_("No reply came within ten days.")


class ReplyLate(DomainError):
    """The ten days are over; the timer is about to say so, or has."""

    def __init__(self) -> None:
        super().__init__(N_("The ten days to accept or refuse the selection are over."))


def await_reply(session: Session, response: Response, decision: Decision, *, at: datetime) -> None:
    """Give the selected organisation ten days to accept or refuse, with a nudge before."""
    decision.reply_by = at + REPLY_TERM
    payload = {"response_id": response.id}
    for kind, run_at in ((ACCEPTANCE_NUDGE, at + REPLY_NUDGE), (ACCEPTANCE_DUE, decision.reply_by)):
        jobs.enqueue(session, kind, payload, at=at, run_at=run_at)


def accept(session: Session, response: Response, *, by: Actor, outbox: Outbox) -> None:
    """Accept the selection in the name of the answering organisation.

    :raises ReplyLate: after ten days
    :raises MoveRefused: unless it is selected
    """
    _require_in_time(session, response, outbox.now)
    to, who = ResponseState.ACCEPTED, by.by(response.organisation)
    MACHINE.move(session, response, to=to, mover=Mover.RESPONDER, by=who, at=outbox.now)
    _tell_owner_and_curators(session, response, outbox, moved_up=None)


def refuse(session: Session, response: Response, *, reason: str, by: Actor, outbox: Outbox) -> None:
    """Refuse the selection; the first of the reserve is selected instead.

    :raises ReplyLate: after ten days
    :raises ReasonMissing: without a reason
    :raises MoveRefused: unless it is selected
    """
    _require_in_time(session, response, outbox.now)
    who = by.by(response.organisation)
    _give_up(session, response, mover=Mover.RESPONDER, by=who, reason=reason, outbox=outbox)


def lapse(session: Session, response: Response, *, outbox: Outbox) -> None:
    """Take a selection back that nobody accepted in time, as the timer does."""
    decision = queries.decision_on(session, response)
    if response.state is not ResponseState.SELECTED or decision is None:
        return
    if decision.reply_by is not None and decision.reply_by <= outbox.now:
        mover, by = Mover.TIMER, TIMER
        _give_up(session, response, mover=mover, by=by, reason=NO_REPLY, outbox=outbox)


def nudge(session: Session, response: Response, *, outbox: Outbox) -> None:
    """Remind those who have not replied, three days before the end; nobody else."""
    decision = queries.decision_on(session, response)
    if response.state is ResponseState.SELECTED and decision is not None:
        for person in acting_people(session, response.organisation_id):
            outbox.add(emails.nudge(response, decision, to=person, links=outbox.links))


def after_leaving(
    session: Session, response: Response, was: ResponseState, *, outbox: Outbox
) -> None:
    """Do what follows when an answer is out: evaluators stop, a reserve takes a freed place."""
    if was is ResponseState.IN_EVALUATION:
        stop(session, response, outbox=outbox)
    if was in CHOSEN_STATES:
        move_up(session, response.challenge_id, outbox)


def _require_in_time(session: Session, response: Response, at: datetime) -> None:
    decision = queries.decision_on(session, response)
    if decision is not None and decision.reply_by is not None and decision.reply_by <= at:
        raise ReplyLate


def _give_up(
    session: Session,
    response: Response,
    *,
    mover: Mover,
    by: By,
    reason: str,
    outbox: Outbox,
) -> None:
    to, at = ResponseState.REFUSED, outbox.now
    MACHINE.move(session, response, to=to, mover=mover, by=by, at=at, reason=reason)
    moved_up = move_up(session, response.challenge_id, outbox)
    _tell_owner_and_curators(session, response, outbox, moved_up=moved_up)


def move_up(session: Session, challenge_id: int, outbox: Outbox) -> Response | None:
    """Select the first of the reserve and return its answer, or None if nobody is left."""
    first = queries.first_in_reserve(session, challenge_id)
    if first is None:
        return None
    response, decision = first
    to, at = ResponseState.SELECTED, outbox.now
    MACHINE.move(session, response, to=to, mover=Mover.TIMER, by=TIMER, at=at)
    await_reply(session, response, decision, at=at)
    for person in authors_people(session, response):
        outbox.add(emails.moved_up(response, decision, to=person, links=outbox.links))
    return response


def _tell_owner_and_curators(
    session: Session, response: Response, outbox: Outbox, *, moved_up: Response | None
) -> None:
    challenge = response.challenge
    people = [
        *acting_people(session, challenge.owner_id),
        *queries.lookers_after(session, challenge),
    ]
    for person in {person.id: person for person in people}.values():
        letter = emails.replied(response, moved_up, to=person, links=outbox.links)
        outbox.add(letter)
