"""What the timer does with challenges before answers come in: open them on their day."""

from collections.abc import Mapping

from app.challenges import actions
from app.challenges.models import OPENING, ChallengeState, start_of
from app.challenges.queries import challenge_by_id
from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox


def handlers(links: Links) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {OPENING: opening(links)}


def opening(links: Links) -> Handler:
    """Return the handler that opens a challenge; one that is not due yet is put back."""

    def open_when_due(work: Work) -> None:
        with work.finishing() as session:
            challenge = challenge_by_id(session, work.payload["challenge_id"])
            if challenge is None or challenge.state is not ChallengeState.SCHEDULED:
                return
            if challenge.opens_on and work.now < start_of(challenge.opens_on):
                actions.enqueue_opening(session, challenge, at=work.now)
                return
            outbox = Outbox(session, links, work.now)
            actions.open_for_answers(session, challenge, outbox=outbox, at=work.now)

    return open_when_due
