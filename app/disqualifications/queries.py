"""Every SELECT on cases against answers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.disqualifications.models import Case
from app.responses.models import Response


def latest_case(session: Session, response: Response) -> Case | None:
    """Return the case against an answer, settled or not; of several the latest."""
    statement = select(Case).where(Case.response_id == response.id).order_by(Case.id.desc())
    return session.scalars(statement.limit(1)).first()


def case_by_id(session: Session, case_id: int) -> Case | None:
    """Return one case."""
    return session.get(Case, case_id)
