"""Every step of a case: opened with evidence, replied to, confirmed or lifted."""

from sqlalchemy.orm import Session

from app.accounts.queries import regional_developers
from app.challenges.actions import enqueue_sheets_over
from app.core import jobs
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.disqualifications import emails, policy, queries
from app.disqualifications.models import REPLY_DUE, REPLY_REMINDER, Case
from app.organisations.policy import Actor
from app.organisations.queries import acting_people
from app.responses.models import ANSWER_OUT, MACHINE, Response, ResponseState
from app.responses.queries import authors_people


class CaseOpen(DomainError):
    """There is a case against this answer already."""

    def __init__(self) -> None:
        super().__init__(N_("There is an open case against this answer already."))


class NoCase(DomainError):
    """There is nothing to reply to, or to settle."""

    def __init__(self) -> None:
        super().__init__(N_("There is no open case against this answer."))


class NotRipe(DomainError):
    """The right of reply comes before any decision."""

    def __init__(self) -> None:
        super().__init__(
            N_("The organisation has not replied, and its time is not over: wait, or lift it.")
        )


def open_case(
    session: Session, response: Response, evidence: str, *, by: Actor, outbox: Outbox
) -> Case:
    """Open a case: the organisation reads the evidence and has five days to reply.

    :raises Forbidden: unless they are the region's, and no party
    :raises CaseOpen: if there is one already
    :raises ActRefused: if the answer is not in the running
    :raises ReasonMissing: without evidence
    """
    _require_judge(by, response)
    latest, at = queries.latest_case(session, response), outbox.now
    if latest is not None and latest.settled_at is None:
        raise CaseOpen
    who, mover, name = by.by(), Mover.REGION, "disqualification_opened"
    MACHINE.act(session, response, name, mover=mover, by=who, at=at, reason=evidence)
    case = Case(
        response_id=response.id,
        evidence=evidence,
        opened_at=at,
        opened_by_name=who.name,
        reply_by=at + policy.REPLY_TERM,
    )
    session.add(case)
    session.flush()
    for kind, run_at in ((REPLY_REMINDER, at + policy.REMINDER), (REPLY_DUE, case.reply_by)):
        jobs.enqueue(session, kind, {"case_id": case.id}, at=at, run_at=run_at)
    for person in authors_people(session, response):
        outbox.add(emails.opened(response, case, to=person, links=outbox.links))
    for person in acting_people(session, response.challenge.owner_id):
        outbox.add(emails.opened_for_owner(response, case, to=person, links=outbox.links))
    return case


def reply(session: Session, response: Response, text: str, *, by: Actor, outbox: Outbox) -> None:
    """Give the organisation's reply, once and in time; the region is told at once.

    :raises NoCase: if nothing is open, or it has replied
    :raises DomainError: after five days
    """
    case, at = queries.latest_case(session, response), outbox.now
    if case is None or case.settled_at is not None or case.replied_at is not None:
        raise NoCase
    if at >= case.reply_by:
        raise DomainError(N_("The five days for a reply are over."))
    who, mover = by.by(response.organisation), Mover.RESPONDER
    MACHINE.act(session, response, "disqualification_answered", mover=mover, by=who, at=at)
    case.reply, case.replied_at, case.replied_by_name = text, at, who.name
    tell_region(session, response, case, outbox)


def tell_region(session: Session, response: Response, case: Case, outbox: Outbox) -> None:
    """Ask the region to settle a case that is ripe."""
    for person in regional_developers(session):
        outbox.add(emails.ripe(response, case, to=person, links=outbox.links))


def confirm(
    session: Session, response: Response, reason: str, *, by: Actor, outbox: Outbox
) -> None:
    """Disqualify the answer for good, after the reply or when its time is over.

    :raises Forbidden: unless they are the region's, and no party
    :raises NoCase: if nothing is open
    :raises NotRipe: before the reply and the end of its term
    :raises ReasonMissing: without a reason
    """
    case, at = _open_case(session, response, by), outbox.now
    if not policy.is_ripe(case, at):
        raise NotRipe
    was, to = response.state, ResponseState.DISQUALIFIED
    MACHINE.move(session, response, to=to, mover=Mover.REGION, by=by.by(), at=at, reason=reason)
    jobs.enqueue(session, ANSWER_OUT, {"response_id": response.id, "was": was.value}, at=at)
    enqueue_sheets_over(session, response.challenge, at=at)
    _settle(session, response, case, reason, by, outbox, is_confirmed=True)


def lift(session: Session, response: Response, reason: str, *, by: Actor, outbox: Outbox) -> None:
    """Drop the case; the answer goes on as if there had been none.

    :raises Forbidden: unless they are the region's, and no party
    :raises NoCase: if nothing is open
    :raises ReasonMissing: without a reason
    """
    case, at = _open_case(session, response, by), outbox.now
    who, mover, name = by.by(), Mover.REGION, "disqualification_lifted"
    MACHINE.act(session, response, name, mover=mover, by=who, at=at, reason=reason)
    _settle(session, response, case, reason, by, outbox, is_confirmed=False)


def _open_case(session: Session, response: Response, by: Actor) -> Case:
    _require_judge(by, response)
    case = queries.latest_case(session, response)
    if case is None or case.settled_at is not None:
        raise NoCase
    return case


def _require_judge(by: Actor, response: Response) -> None:
    if not policy.may_judge(by, response):
        raise Forbidden(N_("Only the region disqualifies, and never where it is a party."))


def _settle(  # noqa: PLR0913 -- an end is these facts; each has a name at the call
    session: Session,
    response: Response,
    case: Case,
    reason: str,
    by: Actor,
    outbox: Outbox,
    *,
    is_confirmed: bool,
) -> None:
    case.settled_at, case.settled_by_name = outbox.now, by.by().name
    case.settlement, case.is_confirmed = reason, is_confirmed
    people = [
        *authors_people(session, response),
        *acting_people(session, response.challenge.owner_id),
    ]
    for person in {person.id: person for person in people}.values():
        outbox.add(emails.settled(response, case, to=person, links=outbox.links))
