"""Background entry: links for new passwords."""

from collections.abc import Mapping

from app.accounts import actions
from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox


def handlers(links: Links) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""

    def send_reset(work: Work) -> None:
        with work.finishing() as session:
            outbox = Outbox(session, links, work.now)
            actions.send_reset(session, email=work.payload["email"], outbox=outbox)

    return {actions.RESET_WANTED: send_reset}
