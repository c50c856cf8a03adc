"""Rows without what a session does for objects, but not behind the session's back."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.database import plain_rows
from app.organisations.models import Organisation
from tests.factories.people import make_organisation

_NAMES = (
    select(Organisation.name, Organisation.field_ids)
    .where(Organisation.slug == bindparam("slug"))
    .order_by(Organisation.id)
)


def test_rows_are_what_the_session_would_return(session: Session) -> None:
    made = make_organisation(name="Kaiwerk")
    wanted = {"slug": made.slug}

    found = plain_rows(session, _NAMES, wanted)

    assert found == session.execute(_NAMES, wanted).all() != []


def test_what_is_pending_is_read_too(session: Session) -> None:
    made = make_organisation(name="Kaiwerk")
    made.name = "Kaiwerk Nord"

    [(name, _)] = plain_rows(session, _NAMES, {"slug": made.slug})

    assert name == "Kaiwerk Nord"
