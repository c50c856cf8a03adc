"""Every change of who takes part in an answer, and of what they have signed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.core import journal
from app.core.errors import DomainError, Stale
from app.core.i18n import N_
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.organisations.queries import acting_people
from app.partners import emails, policy, queries
from app.responses.actions import require_editable
from app.responses.models import PARTNER_MACHINE, PartnerState, Response, ResponsePartner


class TooMuch(DomainError):
    """The shares of all partners leave nothing to the lead."""

    status_code = 422
    field = "share"

    def __init__(self, most: int) -> None:
        super().__init__(
            N_("“Share”: at most %(most)s percent are left, since the lead keeps at least one."),
            most=max(most, 0),
        )


class NotPossible(DomainError):
    """The organisation cannot become a partner."""

    status_code = 422
    field = "organisation_id"

    def __init__(self) -> None:
        super().__init__(
            N_(
                "“Organisation”: choose a verified one that neither takes part already nor owns "
                "or looks after the challenge."
            )
        )


@dataclass(frozen=True)
class Terms:
    """What a partner takes over, and its share in percent."""

    part: str
    share: int


def add(
    session: Session,
    response: Response,
    organisation_id: int,
    terms: Terms,
    *,
    by: Actor,
    outbox: Outbox,
) -> ResponsePartner:
    """Ask an organisation to take over a part; whoever had signed is asked anew.

    :raises NotEditable: if the answer is handed in
    :raises NotPossible: if the organisation cannot become a partner
    :raises TooMuch: if nothing is left for the lead
    """
    require_editable(response)
    organisation = queries.possible_partner(session, response, organisation_id)
    if organisation is None:
        raise NotPossible
    _require_room(response, terms, None)
    partner = ResponsePartner(
        response=response,
        organisation=organisation,
        part=terms.part,
        share=terms.share,
        state=PartnerState.INVITED,
        invited_at=outbox.now,
    )
    session.add(partner)
    _record(session, response, "response.partner_added", organisation, by, outbox)
    session.flush()
    _ask_anew(session, response, by=by, outbox=outbox, but=partner)
    _tell_partner(session, partner, outbox, is_again=False)
    return partner


def change(
    session: Session, partner: ResponsePartner, terms: Terms, *, by: Actor, outbox: Outbox
) -> None:
    """Change a part or a share: all signatures lapse, and everybody is asked anew.

    :raises NotEditable: if the answer is handed in
    :raises TooMuch: if nothing is left for the lead
    """
    response = partner.response
    require_editable(response)
    _require_room(response, terms, partner)
    partner.part, partner.share = terms.part, terms.share
    _record(session, response, "response.partner_changed", partner.organisation, by, outbox)
    was_waiting = partner.state is PartnerState.INVITED
    _ask_anew(session, response, by=by, outbox=outbox)
    if was_waiting:
        _tell_partner(session, partner, outbox, is_again=True)
    elif partner.state is PartnerState.DECLINED:
        _ask(session, partner, by=by, outbox=outbox)


def remove(session: Session, partner: ResponsePartner, *, by: Actor, outbox: Outbox) -> None:
    """Go on without a partner; the others are asked anew, as the shares are different now.

    :raises NotEditable: if the answer is handed in
    """
    response = partner.response
    require_editable(response)
    response.partners.remove(partner)
    _record(session, response, "response.partner_removed", partner.organisation, by, outbox)
    _ask_anew(session, response, by=by, outbox=outbox)


def sign(
    session: Session, partner: ResponsePartner, *, seen: str, by: Actor, outbox: Outbox
) -> None:
    """Sign a part: what it is, who leads, and all shares.

    :param seen: the seal of the terms that the person read
    :raises NotEditable: if the answer is handed in
    :raises Stale: if the terms are different by now
    :raises MoveRefused: if there is nothing to sign
    """
    response = partner.response
    require_editable(response)
    if seen != policy.seal_of(response):
        raise Stale(N_("Parts or shares have changed since you read them. Read them again."))
    _move(session, partner, PartnerState.SIGNED, by=by, at=outbox.now)
    partner.signed_at, partner.signed_by_name = outbox.now, by.user.name if by.user else ""
    partner.signed_terms = policy.terms_of(response)
    for person in acting_people(session, response.organisation_id):
        outbox.add(emails.signed(partner, to=person, links=outbox.links))


def decline(
    session: Session, partner: ResponsePartner, *, by: Actor, outbox: Outbox, reason: str = ""
) -> None:
    """Say that the organisation will not take part, also after it had signed.

    :raises NotEditable: if the answer is handed in
    :raises MoveRefused: if that is said already
    """
    response = partner.response
    require_editable(response)
    _move(session, partner, PartnerState.DECLINED, by=by, at=outbox.now, reason=reason)
    partner.signed_at, partner.signed_terms = None, {}
    for person in acting_people(session, response.organisation_id):
        outbox.add(emails.declined(partner, to=person, links=outbox.links, reason=reason))


def _require_room(response: Response, terms: Terms, partner: ResponsePartner | None) -> None:
    most = policy.highest_share(response, partner)
    if terms.share > most:
        raise TooMuch(most)


def _ask_anew(
    session: Session,
    response: Response,
    *,
    by: Actor,
    outbox: Outbox,
    but: ResponsePartner | None = None,
) -> None:
    for partner in response.partners:
        if partner is not but and partner.state is PartnerState.SIGNED:
            _ask(session, partner, by=by, outbox=outbox)


def _ask(session: Session, partner: ResponsePartner, *, by: Actor, outbox: Outbox) -> None:
    to, who = PartnerState.INVITED, by.by(partner.response.organisation)
    PARTNER_MACHINE.move(session, partner, to=to, mover=Mover.RESPONDER, by=who, at=outbox.now)
    partner.signed_at, partner.signed_terms = None, {}
    _tell_partner(session, partner, outbox, is_again=True)


def _tell_partner(
    session: Session, partner: ResponsePartner, outbox: Outbox, *, is_again: bool
) -> None:
    for person in acting_people(session, partner.organisation_id):
        outbox.add(emails.asked(partner, to=person, links=outbox.links, is_again=is_again))


def _move(
    session: Session,
    partner: ResponsePartner,
    to: PartnerState,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    who = by.by(partner.organisation)
    PARTNER_MACHINE.move(
        session, partner, to=to, mover=Mover.RESPONDER, by=who, at=at, reason=reason
    )


def _record(
    session: Session,
    response: Response,
    action: str,
    organisation: Organisation,
    by: Actor,
    outbox: Outbox,
) -> None:
    journal.record(
        session,
        response,
        action,
        by=by.by(response.organisation),
        at=outbox.now,
        details={"organisation": organisation.name},
    )
