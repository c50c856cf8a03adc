"""Background entry: the gate that every e-mail passes, and the digests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy.orm import Session

from app.core.jobs import Handler, Work
from app.core.links import Links
from app.core.message_kinds import MessageKinds
from app.core.outbox import SEND_MAIL, Mail, Outbox
from app.core.sending import Choices, Transport, sending
from app.messages import actions
from app.messages.emails import off_link
from app.messages.models import DIGEST_DUE
from app.messages.policy import DIGEST


@dataclass(frozen=True)
class ChosenGate:
    """Lets out what its readers want now; see ``app.core.sending.Gate``."""

    kinds: MessageKinds
    links: Links

    def lets_out(self, session: Session, mail: Mail, *, now: datetime) -> bool:
        """Return whether the e-mail goes out now; if not, its row says what becomes of it."""
        return actions.lets_out(session, mail, self.kinds[mail.kind], now=now)

    def may_come_twice(self, mail: Mail) -> bool:
        """Return whether it is no digest: that tells only what its reader has in the inbox."""
        return mail.kind != DIGEST

    def choices(self, mail: Mail) -> Choices:
        """Return where its reader switches the kind off, unless it concerns their safety."""
        all_link = self.links.to("/messages/preferences")
        if self.kinds[mail.kind].is_fixed:
            return Choices(all_link=all_link)
        return Choices(off_link(mail.to_address, mail.kind, self.links), all_link)


def handlers(
    kinds: MessageKinds, links: Links, transport: Transport, *, sender: str
) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    gate = ChosenGate(kinds, links)
    return {
        SEND_MAIL: sending(transport, sender=sender, gate=gate),
        DIGEST_DUE: partial(make_digest, kinds, links),
    }


def make_digest(kinds: MessageKinds, links: Links, work: Work) -> None:
    """Write the digest of one address for one day."""
    with work.finishing() as session:
        out = Outbox(session=session, links=links, now=work.now)
        day = date.fromisoformat(work.payload["day"])
        actions.make_digest(session, str(work.payload["address"]), day, kinds, out=out)
