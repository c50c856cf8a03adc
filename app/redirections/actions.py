"""Every change in the second life of an answer; nothing without recorded consent."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.core import journal
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.organisations.policy import Actor
from app.organisations.queries import acting_people
from app.redirections import emails, policy, queries
from app.redirections.models import MACHINE, Consent, Proposal, ProposalState
from app.responses.actions import start
from app.responses.models import MACHINE as RESPONSE_MACHINE
from app.responses.models import Response, ResponseState
from app.responses.policy import answer_languages

COPIED = ("title", "approach", "timeline", "price_eur", "price_note", "contact")
"""What goes into the new draft; texts about requirements stay, as others are asked there."""


class NotFree(DomainError):
    """The answer still has a future where it is."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Only an answer that was not chosen, or whose challenge was cancelled, can be "
                "offered to another challenge."
            )
        )


class NoConsent(DomainError):
    """The organisation has not allowed that its answer is proposed."""

    def __init__(self) -> None:
        super().__init__(
            N_("The organisation has not allowed that its answer is proposed to others.")
        )


class NoTarget(DomainError):
    """The other challenge cannot take this answer."""

    status_code = 422

    def __init__(self) -> None:
        super().__init__(
            N_("Choose an open challenge that this organisation may answer and has not.")
        )


def allow(session: Session, response: Response, *, by: Actor, at: datetime) -> None:
    """Record that the answer may be proposed for other challenges; said twice, it stands once."""
    if queries.consent_to(session, response) is not None:
        return
    name = by.user.name if by.user else ""
    session.add(Consent(response_id=response.id, given_at=at, given_by_name=name))
    _record(session, response, "response.second_life_allowed", by=by, at=at)


def forbid(session: Session, response: Response, *, by: Actor, at: datetime) -> None:
    """Take the consent back; proposals that wait are declined with it."""
    consent = queries.consent_to(session, response)
    if consent is None:
        return
    session.delete(consent)
    _record(session, response, "response.second_life_forbidden", by=by, at=at)
    for proposal in queries.proposals_for(session, response):
        if proposal.state is ProposalState.PROPOSED:
            _answer(session, proposal, ProposalState.DECLINED, by=by, at=at)


def propose(
    session: Session,
    response: Response,
    target_id: int,
    *,
    note: str,
    by: Actor,
    outbox: Outbox,
) -> Proposal:
    """Propose an answer for another challenge: its organisation is asked, nobody else is told.

    :raises Forbidden: unless they look after the challenge that was answered
    :raises NotFree: while the answer has a future where it is
    :raises NoConsent: without recorded consent
    :raises NoTarget: if the other challenge cannot take it, or it was proposed already
    """
    if not policy.may_propose(by, response):
        raise Forbidden(N_("Only the cluster manager of this challenge may do that."))
    _require_free(response)
    if queries.consent_to(session, response) is None:
        raise NoConsent
    target = _target(session, response, target_id, outbox.now)
    if target_id in {each.target_id for each in queries.proposals_for(session, response)}:
        raise NoTarget
    proposal = Proposal(
        response=response,
        target=target,
        note=note,
        state=ProposalState.PROPOSED,
        proposed_at=outbox.now,
        proposed_by_name=by.user.name if by.user else "",
    )
    session.add(proposal)
    for person in acting_people(session, response.organisation_id):
        outbox.add(emails.proposed(proposal, to=person, links=outbox.links))
    return proposal


def accept(session: Session, proposal: Proposal, *, by: Actor, outbox: Outbox) -> Response:
    """Take the answer over to the challenge for which it is proposed, as a draft.

    :raises MoveRefused: if the proposal was answered already
    :raises NoTarget: if the other challenge cannot take it any more
    """
    _answer(session, proposal, ProposalState.ACCEPTED, by=by, at=outbox.now)
    draft = take(session, proposal.response, proposal.target_id, by=by, at=outbox.now)
    _tell_curators(session, proposal, outbox)
    return draft


def decline(session: Session, proposal: Proposal, *, by: Actor, outbox: Outbox) -> None:
    """Say no to one proposal; the consent stands.

    :raises MoveRefused: if the proposal was answered already
    """
    _answer(session, proposal, ProposalState.DECLINED, by=by, at=outbox.now)
    _tell_curators(session, proposal, outbox)


def take(
    session: Session, response: Response, target_id: int, *, by: Actor, at: datetime
) -> Response:
    """Begin an answer to another challenge with the texts of this one, and return the draft.

    :raises NotFree: while the answer has a future where it is
    :raises NoTarget: if the other challenge cannot take it
    """
    _require_free(response)
    target = _target(session, response, target_id, at)
    draft = start(session, target, response.organisation, by=by, at=at)
    for name in COPIED:
        setattr(draft, name, getattr(response, name))
    if response.lang in answer_languages(target):
        draft.lang = response.lang
    to, who = ResponseState.REDIRECTED, by.by(response.organisation)
    RESPONSE_MACHINE.move(session, response, to=to, mover=Mover.RESPONDER, by=who, at=at)
    return draft


def _require_free(response: Response) -> None:
    if not policy.is_free(response):
        raise NotFree


def _target(session: Session, response: Response, target_id: int, now: datetime) -> Challenge:
    for target in queries.possible_targets(session, response, now=now):
        if target.id == target_id:
            return target
    raise NoTarget


def _answer(
    session: Session, proposal: Proposal, to: ProposalState, *, by: Actor, at: datetime
) -> None:
    MACHINE.move(session, proposal, to=to, mover=Mover.RESPONDER, by=by.by(), at=at)
    proposal.answered_at = at


def _tell_curators(session: Session, proposal: Proposal, outbox: Outbox) -> None:
    cluster_id = proposal.response.challenge.curating_cluster_id
    if cluster_id is not None:
        for person in acting_people(session, cluster_id):
            outbox.add(emails.answered(proposal, to=person, links=outbox.links))


def _record(session: Session, response: Response, action: str, *, by: Actor, at: datetime) -> None:
    journal.record(session, response, action, by=by.by(response.organisation), at=at)
