"""What the timer does with selections that wait for a reply."""

from collections.abc import Mapping
from functools import partial

from sqlalchemy.orm import Session

from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox
from app.responses.models import ANSWER_OUT, Response, ResponseState
from app.responses.queries import response_by_id
from app.reviews.actions import accepting
from app.reviews.models import ACCEPTANCE_DUE, ACCEPTANCE_NUDGE


def handlers(links: Links) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {
        ACCEPTANCE_NUDGE: partial(remind, links),
        ACCEPTANCE_DUE: partial(end_term, links),
        ANSWER_OUT: partial(follow_up, links),
    }


def remind(links: Links, work: Work) -> None:
    """Remind a selected organisation to reply."""
    with work.finishing() as session:
        if response := _response(session, work):
            accepting.nudge(session, response, outbox=Outbox(session, links, work.now))


def end_term(links: Links, work: Work) -> None:
    """Take a selection back that nobody accepted in time."""
    with work.finishing() as session:
        if response := _response(session, work):
            accepting.lapse(session, response, outbox=Outbox(session, links, work.now))


def follow_up(links: Links, work: Work) -> None:
    """Do what follows when an answer is withdrawn or disqualified."""
    with work.finishing() as session:
        if response := _response(session, work):
            was, outbox = ResponseState(work.payload["was"]), Outbox(session, links, work.now)
            accepting.after_leaving(session, response, was, outbox=outbox)


def _response(session: Session, work: Work) -> Response | None:
    return response_by_id(session, work.payload["response_id"])
