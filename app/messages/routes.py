"""HTTP in, HTTP out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.accounts.access import CurrentUser, Viewer
from app.core.clock import Now
from app.core.database import DbSession, writes
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext
from app.core.links import own_path
from app.core.message_kinds import MessageGroup
from app.core.pagination import PageNumber
from app.core.rendering import page
from app.messages import actions, pages
from app.messages.access import Kinds, MailedOffSwitch, OwnMessage
from app.messages.forms import ChoicesForm
from app.messages.pages import InboxFilter
from app.organisations.access import SignedInActor

router = APIRouter(tags=["messages"])


async def wanted_messages(*, unread: bool = False, group: str = "") -> InboxFilter:
    """Return which messages the address asks for; an unknown group means all of them."""
    known = next((each for each in MessageGroup if each.value == group), None)
    return InboxFilter(unread_only=unread, group=known)


Wanted = Annotated[InboxFilter, Depends(wanted_messages)]


@router.get("/messages", name="messages:inbox")
def inbox(
    request: Request,
    user: CurrentUser,
    session: DbSession,
    kinds: Kinds,
    wanted: Wanted,
    number: PageNumber = 1,
) -> Response:
    shown = pages.inbox_page(session, user.email, kinds, wanted, number=number)
    return page(request, "messages/inbox.html", inbox=shown, groups=MessageGroup)


@router.post("/messages/read", name="messages:mark_all")
def mark_all(request: Request, user: CurrentUser, session: DbSession, now: Now) -> Response:
    actions.mark_all_read(session, user.email, at=now)
    flash(request, gettext("All messages are marked as read."))
    return RedirectResponse("/messages", 303)


@router.get("/messages/preferences", name="messages:choices")
def choices(
    request: Request, user: CurrentUser, actor: SignedInActor, session: DbSession, kinds: Kinds
) -> Response:
    shown = pages.choices_page(session, actor, user.email, kinds)
    return page(request, "messages/choices.html", choices=shown)


@router.post("/messages/preferences", name="messages:choose")
def choose(
    request: Request,
    actor: SignedInActor,
    session: DbSession,
    data: SubmittedForm,
    kinds: Kinds,
    now: Now,
) -> Response:
    assert actor.user is not None  # noqa: S101 -- somebody is signed in
    form, address = Form.read(ChoicesForm, data), actor.user.email
    if form.value is None:
        shown = pages.choices_page(session, actor, address, kinds, form=form)
        return page(request, "messages/choices.html", choices=shown, status_code=422)
    actions.choose(session, address, form.value.differing_from(kinds), at=now)
    flash(request, gettext("Your choices are saved. They hold for e-mails from now on."))
    return RedirectResponse("/messages/preferences", 303)


@router.get("/messages/off/{token}", name="messages:off")
def show_off(request: Request, _viewer: Viewer, switch: MailedOffSwitch) -> Response:
    """Show what a link from an e-mail would switch off; looking changes nothing."""
    return page(request, "messages/off.html", switch=switch, is_off=False)


@router.post("/messages/off/{token}", name="messages:switch_off")
def switch_off(
    request: Request, _viewer: Viewer, switch: MailedOffSwitch, session: DbSession, now: Now
) -> Response:
    """Switch one kind off; mail programs post here, too, so there is no redirect."""
    actions.switch_off(session, switch.address, switch.kind, at=now)
    return page(request, "messages/off.html", switch=switch, is_off=True)


@router.get("/messages/{message_id}", name="messages:show")
@writes
def show(
    request: Request, mail: OwnMessage, session: DbSession, kinds: Kinds, now: Now
) -> Response:
    """Show one message, which then counts as read."""
    actions.open_message(session, mail, at=now)
    return page(request, "messages/message.html", message=pages.message_page(mail, kinds))


@router.post("/messages/{message_id}/read", name="messages:mark")
def mark(mail: OwnMessage, data: SubmittedForm, now: Now) -> Response:
    actions.mark(mail, is_read=data.get("is_read") == "1", at=now)
    return RedirectResponse(own_path(str(data.get("next", "")), "/messages"), 303)
