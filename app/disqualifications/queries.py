"""Every SELECT on cases against answers."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.i18n import N_
from app.disqualifications.models import Case
from app.responses.models import Response


def latest_case(session: Session, response: Response) -> Case | None:
    """Return the case against an answer, settled or not; of several the latest."""
    statement = select(Case).where(Case.response_id == response.id).order_by(Case.id.desc())
    return session.scalars(statement.limit(1)).first()


def case_by_id(session: Session, case_id: int) -> Case | None:
    """Return one case."""
    return session.get(Case, case_id)


def reply_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be reminded to reply to a case any more, if so."""
    case = session.get(Case, ids["case_id"])
    if case is None or case.replied_at is not None:
        return N_("The reply is there.")
    return settling_over(session, ids)


def settling_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked to settle a case any more, if so."""
    case = session.get(Case, ids["case_id"])
    is_open = case is not None and case.settled_at is None
    return None if is_open else N_("The case is settled.")
