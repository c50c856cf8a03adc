"""What surrounds the demo's answers: a partner asked to sign, a consent, a saved search."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core import journal
from app.organisations.models import Organisation
from app.redirections.models import Consent
from app.responses.models import PartnerState, Response, ResponsePartner, ResponseState
from app.searches.models import SavedSearch
from app.searches.pages import found_by
from scripts.demo_people import acting_for

PARTNER = "quai-volta"
PARTNERS_PART = "Batteriepuffer am Kai: Auslegung, Bau und Betrieb im Versuchsjahr."
LEAD = "marwede-schaltanlagen"
PARTNERS_SHARE = 35
CONSENTING = "deichwacht-ot"
SEARCHER = "startup@demo.example"
SEARCH = "field=electric-mobility&stage=open"


def add_answering(session: Session, *, now: datetime) -> None:
    """Add them; organisations, people and answers must be there."""
    partner = session.scalars(select(Organisation).where(Organisation.slug == PARTNER)).one()
    session.add(
        ResponsePartner(
            response_id=_answer_of(session, LEAD).id,
            organisation_id=partner.id,
            state=PartnerState.INVITED,
            part=PARTNERS_PART,
            share=PARTNERS_SHARE,
            invited_at=now,
        )
    )
    _consent(session, _answer_of(session, CONSENTING), now)
    searcher = session.scalars(select(User).where(User.email == SEARCHER)).one()
    seen = sorted(found_by(session, SEARCH))
    session.add(
        SavedSearch(
            user_id=searcher.id, query=SEARCH, wants_mail=True, seen_ids=seen, created_at=now
        )
    )


def _answer_of(session: Session, slug: str) -> Response:
    theirs = select(Response).join(Response.organisation).where(Organisation.slug == slug)
    return session.scalars(theirs.where(Response.state != ResponseState.WITHDRAWN)).one()


def _consent(session: Session, response: Response, now: datetime) -> None:
    by = acting_for(session, session.get_one(Organisation, response.organisation_id))
    session.add(Consent(response_id=response.id, given_at=now, given_by_name=by.name))
    journal.record(
        session,
        response,
        "response.second_life_allowed",
        by=by,
        at=now,
    )
