"""What the timer does with answers before they are evaluated."""

from collections.abc import Mapping
from functools import partial

from app.challenges.models import ANSWERS_CLOSED, ChallengeState
from app.challenges.queries import challenge_by_id
from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox
from app.responses.queries import response_by_id
from app.screenings import actions
from app.screenings.models import INFORMATION_DUE


def handlers(links: Links) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {ANSWERS_CLOSED: begin, INFORMATION_DUE: partial(stop_waiting, links)}


def begin(work: Work) -> None:
    """Take the answers of a challenge that has closed into the screening."""
    with work.finishing() as session:
        challenge = challenge_by_id(session, work.payload["challenge_id"])
        if challenge is not None and challenge.state is ChallengeState.CLOSED:
            actions.begin(session, challenge, at=work.now)


def stop_waiting(links: Links, work: Work) -> None:
    """Go on with the screening of an answer whose organisation did not reply in time."""
    with work.finishing() as session:
        response = response_by_id(session, work.payload["response_id"])
        if response is not None:
            actions.stop_waiting(session, response, outbox=Outbox(session, links, work.now))
