"""Background entry: the next batch of invitations."""

from collections.abc import Mapping
from functools import partial

from app.challenges.queries import challenge_by_id
from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox
from app.matches.models import BATCH_DUE
from app.shortlists.actions import sending


def handlers(links: Links, per_week: int) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind.

    :param per_week: so many invitations an organisation gets in any seven days
    """
    return {BATCH_DUE: partial(send_next_batch, links, per_week)}


def send_next_batch(links: Links, per_week: int, work: Work) -> None:
    """Send the next batch of a challenge if its time has come."""
    with work.finishing() as session:
        challenge = challenge_by_id(session, work.payload["challenge_id"])
        if challenge is not None:
            outbox = Outbox(session, links, work.now)
            sending.send_when_due(session, challenge, per_week=per_week, outbox=outbox)
