"""Background entry: look whether something should have happened by now."""

from collections.abc import Mapping
from datetime import time
from functools import partial

from app.challenges.models import WATCHING
from app.challenges.queries import challenge_by_id
from app.core import daily
from app.core.daily import DailyWork
from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox
from app.watches import actions
from app.watches.models import EVERY_MORNING


def look_everywhere(work: Work) -> None:
    """Plan a look at everything that is under way."""
    with work.finishing() as session:
        actions.plan_everything(session, at=work.now)


DAILY = {EVERY_MORNING: DailyWork(look_everywhere, time(5, 20))}
"""Before the digests go out."""


def handlers(links: Links) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {WATCHING: partial(look, links), **daily.handlers(DAILY)}


def look(links: Links, work: Work) -> None:
    """Give the alarms of a challenge that are due."""
    with work.finishing() as session:
        challenge = challenge_by_id(session, work.payload["challenge_id"])
        if challenge is not None:
            actions.look(session, challenge, outbox=Outbox(session, links, work.now))
