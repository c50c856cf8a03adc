"""Every SELECT on partners in an answer."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.challenges.queries import answers_over
from app.core.i18n import N_
from app.organisations.models import Organisation
from app.responses.models import (
    EDITABLE_STATES,
    PartnerState,
    Response,
    ResponsePartner,
)

FOUND_AT_MOST = 20


def organisations_named(session: Session, response: Response, words: str) -> Sequence[Organisation]:
    """Return verified organisations with these words in their name that may become partners."""
    statement = _possible_partners(response).where(
        Organisation.name.icontains(words, autoescape=True)
    )
    return session.scalars(statement.order_by(Organisation.name).limit(FOUND_AT_MOST)).all()


def possible_partner(
    session: Session, response: Response, organisation_id: int
) -> Organisation | None:
    """Return an organisation if it may become a partner in this answer."""
    statement = _possible_partners(response).where(Organisation.id == organisation_id)
    return session.scalar(statement)


def _possible_partners(response: Response) -> Select[Organisation]:
    challenge = response.challenge
    taken = {response.organisation_id, challenge.owner_id, challenge.curating_cluster_id}
    taken |= {partner.organisation_id for partner in response.partners}
    return select(Organisation).where(
        Organisation.verified_at.is_not(None), Organisation.id.not_in(taken - {None})
    )


def waiting_for_signature(
    session: Session, organisation_ids: Collection[int]
) -> Sequence[ResponsePartner]:
    """Return the parts that these organisations are asked to sign, the oldest first."""
    statement = (
        select(ResponsePartner)
        .join(ResponsePartner.response)
        .where(
            ResponsePartner.organisation_id.in_(organisation_ids),
            ResponsePartner.state == PartnerState.INVITED,
            Response.state.in_(EDITABLE_STATES),
        )
        .options(
            joinedload(ResponsePartner.organisation),
            joinedload(ResponsePartner.response).joinedload(Response.challenge),
            joinedload(ResponsePartner.response).joinedload(Response.organisation),
        )
        .order_by(ResponsePartner.invited_at, ResponsePartner.id)
    )
    return session.scalars(statement).all()


def signature_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why no partner need be asked to sign any more, if so."""
    partner = session.get(ResponsePartner, ids["partner_id"])
    if partner is None or partner.state is not PartnerState.INVITED:
        return N_("The part is signed, declined or taken out.")
    return answers_over(session, ids)
