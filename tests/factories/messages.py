"""Messages in inboxes."""

from datetime import datetime

from app.accounts.models import User
from app.core.outbox import Mail, MailState
from tests.factories import EARLIER, numbers, save


def make_message(
    user: User,
    *,
    kind: str = "dialogue.addendum",
    subject: str = "Addendum 1 to “Shore power”",
    html: str = "<p>Hello,</p><p>there is more power.</p>",
    link: str = "http://testserver/challenges/1",
    mail_only: bool = False,
    read_at: datetime | None = None,
) -> Mail:
    """Return a message whose e-mail went out."""
    return save(
        Mail(
            message_id=f"<{next(numbers)}@quaylink>",
            kind=kind,
            to_address=user.email,
            locale="en",
            subject=subject,
            text=html,
            html=html,
            why="You get this because you follow the challenge.",
            link=link,
            mail_only=mail_only,
            state=MailState.SENT,
            created_at=EARLIER,
            read_at=read_at,
        )
    )
