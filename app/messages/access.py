"""The only way a route gets a message or a kind."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Request

from app.accounts.access import CurrentUser
from app.core.database import DbSession
from app.core.errors import LinkExpired, NotFound
from app.core.i18n import N_
from app.core.message_kinds import MessageKind, MessageKinds
from app.core.outbox import Mail
from app.messages import queries
from app.messages.policy import SWITCHING_OFF, SWITCHING_OFF_SECONDS

MessageId = Annotated[int, Path(ge=1, lt=2**31)]


async def get_kinds(request: Request) -> MessageKinds:
    """Return every kind of message there is."""
    kinds: MessageKinds = request.app.state.message_kinds
    return kinds


Kinds = Annotated[MessageKinds, Depends(get_kinds)]


def get_own_message(message_id: MessageId, user: CurrentUser, session: DbSession) -> Mail:
    """Return a message in the inbox of whoever is signed in.

    :raises NotFound: if there is none, or it is in somebody else's
    """
    mail = queries.message_to(session, user.email, message_id)
    if mail is None:
        raise NotFound(N_("There is no message at this address."))
    return mail


OwnMessage = Annotated[Mail, Depends(get_own_message)]


@dataclass(frozen=True)
class OffSwitch:
    """What a link from an e-mail switches off, and for whom."""

    address: str
    kind: MessageKind


async def get_off_switch(request: Request, token: str, kinds: Kinds) -> OffSwitch:
    """Return what the link from an e-mail switches off; nobody needs to sign in.

    :raises LinkExpired: if the link is forged or too old, or its kind is no longer sent
    """
    tokens = request.app.state.tokens
    payload = tokens.read(SWITCHING_OFF, token, max_age=SWITCHING_OFF_SECONDS)
    kind = kinds.get(payload["kind"]) if payload else None
    if kind is None or kind.is_fixed:
        raise LinkExpired(
            N_(
                "This link is incomplete or no longer valid. Sign in and choose under “Messages” "
                "what you get by e-mail."
            )
        )
    return OffSwitch(payload["address"], kind)


MailedOffSwitch = Annotated[OffSwitch, Depends(get_off_switch)]
