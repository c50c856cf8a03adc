"""JSON in, JSON out."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from app.accounts.access import CurrentUser
from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Listing, listing
from app.core.message_kinds import MessageGroup, MessageKinds
from app.core.pagination import PageNumber
from app.messages import actions, pages, queries
from app.messages.access import Kinds, OwnMessage
from app.messages.pages import InboxFilter
from app.messages.policy import choices_in
from app.messages.schemas import (
    ChoicesShown,
    ChoicesWritten,
    Marked,
    MessageListed,
    MessageShown,
    Unread,
)

router = ApiRouter("messages")
READ, WRITE = Scope.ACCOUNT_READ, Scope.ACCOUNT_WRITE
CHOICES, MESSAGE = "/me/message-choices", "/me/messages/{message_id}"


OnlyUnread = Annotated[bool, Query(description="Only what is not marked as read.")]


async def wanted_messages(
    *, unread: OnlyUnread = False, group: MessageGroup | None = None
) -> InboxFilter:
    """Return which messages are asked for."""
    return InboxFilter(unread_only=unread, group=group)


@router.read("/me/messages", "inbox", scope=READ, twin="messages:inbox")
def list_messages(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    request: Request,
    answer: Response,
    user: CurrentUser,
    session: DbSession,
    kinds: Kinds,
    wanted: Annotated[InboxFilter, Depends(wanted_messages)],
    number: PageNumber = 1,
) -> Listing[MessageListed]:
    """List your messages, the newest first."""
    inbox = pages.inbox_page(session, user.email, kinds, wanted, number=number)
    return listing(
        request, answer, inbox.found, lambda mail: MessageListed.of(mail, inbox.labels[mail.id])
    )


@router.act("/me/messages/read", "mark_all", scope=WRITE, twin="messages:mark_all")
def mark_all_messages(user: CurrentUser, session: DbSession, now: Now) -> Unread:
    """Mark all your messages as read."""
    actions.mark_all_read(session, user.email, at=now)
    return Unread(unread=queries.unread_count(session, user.email))


@router.read(MESSAGE, "show", scope=READ, twin="messages:show")
def show_message(mail: OwnMessage, kinds: Kinds) -> MessageShown:
    """Show one of your messages, without marking it."""
    return MessageShown.whole(mail, pages.label_of(mail, kinds))


@router.act(f"{MESSAGE}/read", "mark", scope=WRITE, twin="messages:mark", method="PUT")
def mark_message(mail: OwnMessage, typed: Marked, kinds: Kinds, now: Now) -> MessageShown:
    """Mark a message as read, or as to be read again."""
    actions.mark(mail, is_read=typed.is_read, at=now)
    return MessageShown.whole(mail, pages.label_of(mail, kinds))


@router.read(CHOICES, "choices", scope=READ, twin="messages:choices")
def show_choices(user: CurrentUser, session: DbSession, kinds: Kinds) -> ChoicesShown:
    """Show how often e-mails of each kind go out to you."""
    return _choices(session, user.email, kinds)


@router.act(CHOICES, "choose", scope=WRITE, twin="messages:choose", method="PUT")
def choose_messages(
    user: CurrentUser, typed: ChoicesWritten, session: DbSession, kinds: Kinds, now: Now
) -> ChoicesShown:
    """Choose how often e-mails of each kind go out to you, from now on."""
    actions.choose(session, user.email, typed.differing_from(kinds), at=now)
    session.flush()
    return _choices(session, user.email, kinds)


def _choices(session: DbSession, address: str, kinds: MessageKinds) -> ChoicesShown:
    chosen = queries.choices_of(session, address)
    groups = choices_in(kinds, chosen)
    return ChoicesShown.of([each for own in groups.values() for each in own], chosen)
