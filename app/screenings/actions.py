"""Every step of the screening."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.challenges.actions import enqueue_panel
from app.challenges.models import Challenge, Mode, RequirementKind
from app.challenges.policy import is_in_rounds
from app.challenges.queries import reviewers
from app.core import jobs, journal
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_
from app.core.journal import TIMER, By
from app.core.outbox import Outbox
from app.core.state_machine import Mover, MoveRefused
from app.organisations.policy import Actor
from app.organisations.queries import acting_people
from app.responses.models import MACHINE, Response, ResponseState
from app.responses.queries import authors_people, handed_in
from app.screenings import emails, policy, queries
from app.screenings.models import INFORMATION_DUE, Ground, InformationRequest, Objection

IN_ONE_SITTING = timedelta(hours=1)
"""Answers let in within this time are told to the evaluators together."""


class AskedAlready(DomainError):
    """Only one question may be asked about an answer."""

    def __init__(self) -> None:
        super().__init__(N_("More information was asked for once already; once is the most."))


class NoObjection(DomainError):
    """There is nothing that the owner could confirm."""

    def __init__(self) -> None:
        super().__init__(N_("Nobody has objected to this answer."))


class ObjectionOpen(DomainError):
    """Somebody has objected, and only the owner settles it."""

    def __init__(self) -> None:
        super().__init__(N_("There is an objection to this answer. Its owner settles it."))


@dataclass(frozen=True)
class Finding:
    """Why an answer should be left out, and what would have helped."""

    ground: Ground
    requirement_id: int | None
    reason: str
    repair: str


def begin(session: Session, challenge: Challenge, *, at: datetime) -> None:
    """Take every answer handed in to a closed challenge into the screening, as the timer does."""
    for response in handed_in(session, challenge.id):
        if response.state is ResponseState.SUBMITTED:
            to = ResponseState.SCREENING
            MACHINE.move(session, response, to=to, mover=Mover.TIMER, by=TIMER, at=at)


def declare_eligible(session: Session, response: Response, *, by: Actor, at: datetime) -> None:
    """Let an answer into the evaluation; for the owner also in spite of an objection.

    :raises ObjectionOpen: if there is an objection and they are not the owner's people
    :raises MoveRefused: unless it is being screened
    """
    if queries.objection_to(session, response) and not policy.may_settle(by, response):
        raise ObjectionOpen
    _move(session, response, ResponseState.ELIGIBLE, by=by, at=at)
    if is_in_rounds(response.challenge):  # those who evaluate declare about it before the round
        enqueue_panel(session, response.challenge, at=at, run_at=at + IN_ONE_SITTING)


def object_to(
    session: Session,
    response: Response,
    finding: Finding,
    *,
    by: Actor,
    outbox: Outbox,
    at: datetime,
) -> Objection:
    """Hold an answer to be ineligible, for the owner to confirm.

    :raises Forbidden: unless they look after the challenge
    :raises ObjectionOpen: if somebody objected before
    :raises DomainError: if the must that is not met is not named, or none of this challenge
    :raises MoveRefused: unless it is being screened
    """
    if not policy.may_object(by, response):
        raise Forbidden(N_("Only those who look after the challenge object to an answer."))
    _require_screening(session, response, ResponseState.INELIGIBLE)
    if queries.objection_to(session, response):
        raise ObjectionOpen
    _require_criterion(response.challenge, finding)
    # One about a text that was withdrawn and handed in anew is settled, so its row is free.
    objection = queries.any_objection_to(session, response) or Objection(response_id=response.id)
    objection.ground, objection.requirement_id = finding.ground, finding.requirement_id
    objection.reason, objection.repair = finding.reason, finding.repair
    objection.raised_at = at
    objection.raised_by_id = by.user.id if by.user else None
    objection.raised_by_name = by.user.name if by.user else ""
    session.add(objection)
    session.flush()
    who = _acting_as(by, response.challenge)
    # About the objection, not the answer: the responder reads the answer's history.
    journal.record(session, objection, "objection.raised", by=who, at=at, reason=finding.reason)
    for person in acting_people(session, response.challenge.owner_id):
        outbox.add(emails.objection(response, to=person, links=outbox.links))
    return objection


def _require_criterion(challenge: Challenge, finding: Finding) -> None:
    musts = {r.id for r in challenge.requirements if r.kind is RequirementKind.MUST}
    if finding.ground is Ground.MUST and finding.requirement_id not in musts:
        raise DomainError(N_("Name the requirement that is not met."))


def uphold(session: Session, response: Response, *, by: Actor, outbox: Outbox) -> None:
    """Confirm an objection: the answer is not eligible.

    Its responder learns it on release, or at once where it can be put right and sent again.

    :raises Forbidden: unless they act for the owner and somebody else objected
    :raises NoObjection: if there is nothing to confirm
    :raises MoveRefused: unless it is being screened
    """
    objection = queries.objection_to(session, response)
    if objection is None:
        raise NoObjection
    if not policy.may_uphold(by, objection, response):
        raise Forbidden(N_("The owner confirms, and not the person who objected."))
    to, reason = ResponseState.INELIGIBLE, objection.reason
    _move(session, response, to, by=by, at=outbox.now, reason=reason)
    if response.challenge.mode is Mode.ROLLING:
        for person in authors_people(session, response):
            outbox.add(emails.ineligible(response, objection, to=person, links=outbox.links))


def ask(
    session: Session, response: Response, question: str, *, days: int, by: Actor, outbox: Outbox
) -> None:
    """Ask the one question about an answer, with a term of so many days.

    :raises AskedAlready: if a question was asked before
    :raises MoveRefused: unless it is being screened
    """
    if queries.request_about(session, response):
        raise AskedAlready
    at = outbox.now
    _move(session, response, ResponseState.MORE_INFO, by=by, at=at, reason=question)
    request = InformationRequest(
        response_id=response.id,
        question=question,
        asked_at=at,
        asked_by_name=by.user.name if by.user else "",
        due_at=at + timedelta(days=min(days, policy.MAX_DAYS)),
    )
    session.add(request)
    payload = {"response_id": response.id}
    jobs.enqueue(session, INFORMATION_DUE, payload, at=at, run_at=request.due_at)
    for person in authors_people(session, response):
        outbox.add(emails.information_wanted(response, request, to=person, links=outbox.links))


def inform(session: Session, response: Response, text: str, *, by: Actor, outbox: Outbox) -> None:
    """Give the information that was asked for; the answer goes back to the screening.

    :raises MoveRefused: unless a question is open, for instance because its term has ended
    """
    to, who = ResponseState.SCREENING, by.by(response.organisation)
    at = outbox.now
    MACHINE.move(session, response, to=to, mover=Mover.RESPONDER, by=who, at=at)
    request = queries.request_about(session, response)
    assert request is not None  # noqa: S101 -- whoever waits for information has asked for it
    request.reply, request.replied_at, request.replied_by_name = text, at, who.name
    _tell_screeners(session, response, request, outbox)


def stop_waiting(session: Session, response: Response, *, outbox: Outbox) -> None:
    """Go on without the information, as the timer does at the end of the term."""
    request = queries.request_about(session, response)
    if response.state is ResponseState.MORE_INFO and request is not None:
        to, at = ResponseState.SCREENING, outbox.now
        MACHINE.move(session, response, to=to, mover=Mover.TIMER, by=TIMER, at=at)
        _tell_screeners(session, response, request, outbox)


def _tell_screeners(
    session: Session, response: Response, request: InformationRequest, outbox: Outbox
) -> None:
    challenge = response.challenge
    people = [*reviewers(session, challenge), *acting_people(session, challenge.owner_id)]
    for person in {person.id: person for person in people}.values():
        outbox.add(emails.information_back(response, request, to=person, links=outbox.links))


def _move(
    session: Session,
    response: Response,
    to: ResponseState,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    mover = policy.screening_mover(by, response.challenge)
    if mover is None or not policy.can_screen(by, response):
        raise Forbidden(N_("Only the owner and the cluster manager screen, and not their own."))
    who = _acting_as(by, response.challenge)
    MACHINE.move(session, response, to=to, mover=mover, by=who, at=at, reason=reason)


def _acting_as(actor: Actor, challenge: Challenge) -> By:
    if policy.screening_mover(actor, challenge) is Mover.OWNER:
        return actor.by(challenge.owner)
    is_cluster = actor.acts_for(challenge.curating_cluster_id)
    return actor.by(challenge.curating_cluster if is_cluster else None)


def _require_screening(session: Session, response: Response, to: ResponseState) -> None:
    if response.state is not ResponseState.SCREENING:
        raise MoveRefused(response.state, to, journal.last_event(session, response))
