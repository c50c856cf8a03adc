"""Background entry: look whether something should have happened by now."""

from collections.abc import Mapping
from functools import partial

from app.challenges.models import WATCHING
from app.challenges.queries import challenge_by_id
from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox
from app.watches import actions


def handlers(links: Links) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {WATCHING: partial(look, links)}


def look(links: Links, work: Work) -> None:
    """Give the alarms of a challenge that are due."""
    with work.finishing() as session:
        challenge = challenge_by_id(session, work.payload["challenge_id"])
        if challenge is not None:
            actions.look(session, challenge, outbox=Outbox(session, links, work.now))
