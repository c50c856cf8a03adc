"""Background entry: links for new passwords, and secrets under the present key."""

from collections.abc import Mapping
from datetime import time

from app.accounts import actions
from app.accounts.actions import second_factor
from app.core import daily, jobs
from app.core.daily import DailyWork
from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox
from app.core.sealing import Seals

SEAL_DAILY, SEAL_WANTED = "accounts.seal_daily", "accounts.seal_wanted"


def request_sealing(work: Work) -> None:
    """Ask for all secrets to be sealed with the present key."""
    with work.finishing() as session:
        jobs.enqueue(session, SEAL_WANTED, {}, at=work.now, dedupe_key=SEAL_WANTED)


DAILY = {SEAL_DAILY: DailyWork(request_sealing, time(3, 20))}


def handlers(links: Links, seals: Seals) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""

    def send_reset(work: Work) -> None:
        with work.finishing() as session:
            outbox = Outbox(session, links, work.now)
            actions.send_reset(session, email=work.payload["email"], outbox=outbox)

    def seal(work: Work) -> None:
        with work.finishing() as session:
            second_factor.seal_all(session, seals)

    return {actions.RESET_WANTED: send_reset, SEAL_WANTED: seal, **daily.handlers(DAILY)}
