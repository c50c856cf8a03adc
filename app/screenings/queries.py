"""Every SELECT of the screening."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.core.i18n import N_
from app.responses.models import Response, ResponseState
from app.screenings.models import InformationRequest, Objection
from app.screenings.policy import is_current


def objection_to(session: Session, response: Response) -> Objection | None:
    """Return the objection to an answer as it stands, with the must it names."""
    objection = any_objection_to(session, response)
    return objection if objection and is_current(objection, response) else None


def any_objection_to(session: Session, response: Response) -> Objection | None:
    """Return the objection to an answer, be it to a text that was withdrawn since."""
    statement = select(Objection).where(Objection.response_id == response.id)
    return session.scalar(statement.options(joinedload(Objection.requirement)))


def objections_by_response(session: Session, challenge_id: int) -> Mapping[int, Objection]:
    """Return all objections to answers of a challenge, by response id, with the musts."""
    statement = (
        select(Objection)
        .join(Objection.response)
        .where(Response.challenge_id == challenge_id)
        .options(joinedload(Objection.requirement), contains_eager(Objection.response))
    )
    found = session.scalars(statement)
    return {each.response_id: each for each in found if is_current(each, each.response)}


def request_about(session: Session, response: Response) -> InformationRequest | None:
    """Return what was asked about an answer."""
    statement = select(InformationRequest).where(InformationRequest.response_id == response.id)
    return session.scalar(statement)


def information_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked about their answer any more, if so."""
    response = session.get(Response, ids["response_id"])
    is_asked = response is not None and response.state is ResponseState.MORE_INFO
    return None if is_asked else N_("The question about the answer is settled.")


def objection_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked about an objection any more, if so."""
    response = session.get(Response, ids["response_id"])
    is_screened = response is not None and response.state is ResponseState.SCREENING
    return None if is_screened else N_("The objection is settled.")
