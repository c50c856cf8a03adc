"""The way of an e-mail from its row to a transport."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from sqlalchemy.orm import Session

from app.core import jobs
from app.core.outbox import Mail, MailState
from app.core.rendering import letter
from app.core.trouble import is_passing


class Transport(Protocol):
    """Hands a finished message to the outside world, or raises."""

    def deliver(self, message: EmailMessage) -> None: ...


@dataclass(frozen=True)
class Choices:
    """Where whoever reads an e-mail chooses what they get.

    :param off_link: the off-switch of its kind; empty where there is none
    :param all_link: the page for all kinds
    """

    off_link: str = ""
    all_link: str = ""


class Gate(Protocol):
    """Decides what becomes of an e-mail when its turn comes."""

    def lets_out(self, session: Session, mail: Mail, *, now: datetime) -> bool:
        """Return whether it goes out now; if not, the row says what becomes of it."""

    def choices(self, mail: Mail) -> Choices:
        """Return where its reader chooses."""


def as_message(mail: Mail, *, sender: str, choices: Choices) -> EmailMessage:
    """Return the message with a plain and an HTML part, ready for a transport."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to_address
    message["Subject"] = mail.subject
    message["Date"] = mail.created_at
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    if choices.off_link:  # RFC 8058: mail programs show a button and post to this address
        message["List-Unsubscribe"] = f"<{choices.off_link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text, html = letter(mail, off_link=choices.off_link, all_link=choices.all_link)
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    message["Content-Language"] = mail.locale  # at the end: setting the content clears it
    return message


def sending(transport: Transport, *, sender: str, gate: Gate) -> jobs.Handler:
    """Return the handler that sends one mail, unless the gate has other plans for it.

    "Being sent" is committed before the transport is called, so that after a crash the mail is
    known to be uncertain; it is then sent again under the same Message-ID.
    """

    def send(work: jobs.Work) -> None:
        with work.transaction() as session:
            mail = session.get_one(Mail, work.payload["mail_id"])
            if mail.state not in {MailState.QUEUED, MailState.SENDING}:
                return
            if mail.state is MailState.QUEUED and not gate.lets_out(session, mail, now=work.now):
                return
            mail.state = MailState.SENDING
        try:
            transport.deliver(as_message(mail, sender=sender, choices=gate.choices(mail)))
        except Exception as error:
            if is_passing(error):
                raise jobs.Unavailable from error
            raise
        with work.finishing() as session:
            mail = session.get_one(Mail, work.payload["mail_id"])
            mail.state, mail.sent_at = MailState.SENT, work.now

    return send
