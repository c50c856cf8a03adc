"""Every SELECT of the screening."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.responses.models import Response
from app.screenings.models import InformationRequest, Objection


def objection_to(session: Session, response: Response) -> Objection | None:
    """Return the objection to an answer with the must it names."""
    statement = select(Objection).where(Objection.response_id == response.id)
    return session.scalar(statement.options(joinedload(Objection.requirement)))


def objections_by_response(session: Session, challenge_id: int) -> Mapping[int, Objection]:
    """Return all objections to answers of a challenge, by response id, with the musts."""
    statement = (
        select(Objection)
        .join(Objection.response)
        .where(Response.challenge_id == challenge_id)
        .options(joinedload(Objection.requirement))
    )
    return {objection.response_id: objection for objection in session.scalars(statement)}


def request_about(session: Session, response: Response) -> InformationRequest | None:
    """Return what was asked about an answer."""
    statement = select(InformationRequest).where(InformationRequest.response_id == response.id)
    return session.scalar(statement)
