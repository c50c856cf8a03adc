"""What the timer does with open cases: remind of the reply, then tell the region."""

from collections.abc import Callable, Mapping
from functools import partial

from sqlalchemy.orm import Session

from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox
from app.disqualifications import emails, queries
from app.disqualifications.actions import tell_region
from app.disqualifications.models import REPLY_DUE, REPLY_REMINDER, Case
from app.responses.models import Response
from app.responses.queries import authors_people, response_by_id

Timed = Callable[[Session, Response, Case, Outbox], None]


def handlers(links: Links) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {
        REPLY_REMINDER: partial(_do, remind, links),
        REPLY_DUE: partial(_do, tell_region, links),
    }


def remind(session: Session, response: Response, case: Case, outbox: Outbox) -> None:
    """Remind the organisation that a day is left."""
    for person in authors_people(session, response):
        outbox.add(emails.reminder(response, case, to=person, links=outbox.links))


def _do(timed: Timed, links: Links, work: Work) -> None:
    """Do something about a case that nobody has replied to or settled."""
    with work.finishing() as session:
        case = queries.case_by_id(session, work.payload["case_id"])
        if case is None or case.settled_at is not None or case.replied_at is not None:
            return
        if response := response_by_id(session, case.response_id):
            timed(session, response, case, Outbox(session, links, work.now))
