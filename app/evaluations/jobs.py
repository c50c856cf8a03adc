"""What the timer does with panels: call them once it is known who has answered."""

from collections.abc import Mapping
from functools import partial

from app.challenges.models import PANEL_CALLED
from app.challenges.queries import challenge_by_id
from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox
from app.evaluations.actions import panel


def handlers(links: Links) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {PANEL_CALLED: partial(call_panel, links)}


def call_panel(links: Links, work: Work) -> None:
    """Ask those proposed beforehand to declare."""
    with work.finishing() as session:
        challenge = challenge_by_id(session, work.payload["challenge_id"])
        if challenge is not None:
            panel.call(session, challenge, outbox=Outbox(session, links, work.now))
