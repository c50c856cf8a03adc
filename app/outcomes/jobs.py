"""Background entry: every morning, the challenges that ended a month ago without a pilot."""

from collections.abc import Mapping
from datetime import time
from functools import partial

from app.challenges.queries import challenge_by_id
from app.core import daily, jobs
from app.core.daily import DailyWork
from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox
from app.outcomes import actions, policy, queries
from app.outcomes.models import ASKING, LOOKING_BACK


def look_back(work: Work) -> None:
    """Put a job in line for each challenge about which both sides are asked now."""
    with work.finishing() as session:
        before = work.now - policy.ASKED_AFTER
        for challenge_id in queries.to_look_back_on(session, before=before):
            payload, key = {"challenge_id": challenge_id}, f"{ASKING}:{challenge_id}"
            jobs.enqueue(session, ASKING, payload, at=work.now, dedupe_key=key)


DAILY = {LOOKING_BACK: DailyWork(look_back, time(7))}


def handlers(links: Links) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {ASKING: partial(ask, links), **daily.handlers(DAILY)}


def ask(links: Links, work: Work) -> None:
    """Ask both sides, unless that was done already."""
    with work.finishing() as session:
        challenge = challenge_by_id(session, work.payload["challenge_id"])
        due = queries.to_look_back_on(session, before=work.now - policy.ASKED_AFTER)
        if challenge is not None and challenge.id in due:
            actions.ask(session, challenge, outbox=Outbox(session, links, work.now))
