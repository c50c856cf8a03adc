"""What is new, before what waits."""

from app.core.database import DbSession
from app.core.i18n import N_, format_date
from app.core.outbox import Mail
from app.home.pages.tasks import Section, Task
from app.messages.queries import newest_unread
from app.organisations.policy import Actor

SHOWN = 3
"""So many unread messages are shown; all of them are under “Messages”."""


def unread_messages(session: DbSession, actor: Actor) -> Section:
    """Return the newest messages that this person has not opened."""
    address = actor.user.email if actor.user else ""
    found = newest_unread(session, address, count=SHOWN)
    nothing = N_("You have read all messages.")
    return Section(N_("New messages"), nothing, [_message(mail) for mail in found])


def _message(mail: Mail) -> Task:
    return Task(
        title=mail.subject,
        lang=mail.locale,
        path=f"/messages/{mail.id}",
        step=mail.topic,
        state=format_date(mail.created_at, "medium"),
    )
