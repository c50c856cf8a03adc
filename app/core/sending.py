"""The way of an e-mail from its row to a transport."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core import jobs
from app.core.outbox import MAY_BE_OUT, Mail, MailState
from app.core.rendering import letter
from app.core.trouble import is_passing

ATTEMPTS = {
    MailState.QUEUED: MailState.SENDING,
    MailState.SENDING: MailState.SENDING_AGAIN,
    MailState.UNSURE: MailState.SENDING_AGAIN,  # an administrator wants it
}
"""What an e-mail becomes before the transport gets it, so that a crash leaves its mark."""


class Unsure(Exception):
    """The connection ended before anybody said whether the message was taken."""


class Transport(Protocol):
    """Hands a finished message to the outside world."""

    def deliver(self, message: EmailMessage) -> None:
        """Send the message.

        :raises Unsure: where nobody can know whether it was taken
        :raises Exception: any other says that it was not
        """


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

    def may_come_twice(self, mail: Mail) -> bool:
        """Return whether an e-mail that may have gone out is sent once more by itself."""

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

    "Being sent" is committed before the transport is called and taken back when the message was
    refused, so that what is found in that state may have gone out. It is sent once more under the
    same Message-ID, if it may come twice at all; then it is left to administrators.
    """

    def send(work: jobs.Work) -> None:
        begun = _begin(work, gate)
        if begun is None:
            return
        mail, before = begun
        try:
            transport.deliver(as_message(mail, sender=sender, choices=gate.choices(mail)))
        except Unsure as error:
            raise jobs.Unavailable from error
        except Exception as error:
            _take_back(mail, before, work)
            if is_passing(error):
                raise jobs.Unavailable from error
            raise
        with work.finishing() as session:
            mail = session.get_one(Mail, mail.id)
            mail.state, mail.sent_at = MailState.SENT, work.now

    return send


def _begin(work: jobs.Work, gate: Gate) -> tuple[Mail, MailState] | None:
    """Note that an e-mail is being sent; return it and its state before, None if it is not."""
    with work.transaction() as session:
        mail = session.get(Mail, work.payload["mail_id"])
        if mail is None:  # its time was over before an administrator tried it again
            return None
        before = mail.state
        if before is MailState.QUEUED and not gate.lets_out(session, mail, now=work.now):
            return None
        if before not in {*ATTEMPTS, MailState.SENDING_AGAIN}:
            return None
        if not _is_enough(mail, gate):
            mail.state = ATTEMPTS[before]
            return mail, before
    with work.giving_up(MAY_BE_OUT) as session:
        session.get_one(Mail, mail.id).state = MailState.UNSURE
    return None


def _is_enough(mail: Mail, gate: Gate) -> bool:
    """Return whether it may have gone out as often as it may come."""
    if mail.state is MailState.SENDING:
        return not gate.may_come_twice(mail)
    return mail.state is MailState.SENDING_AGAIN


def _take_back(mail: Mail, before: MailState, work: jobs.Work) -> None:
    """Note that an attempt sent nothing, unless another worker is at it by now."""
    own = update(Mail).where(Mail.id == mail.id, Mail.state == mail.state)
    with work.transaction() as session:
        session.execute(own.values(state=before))
