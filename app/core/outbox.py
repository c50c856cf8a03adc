"""E-mails as rows: written with the change that causes them, sent by a worker."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Annotated, Protocol

from fastapi import Depends, Request
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import jobs
from app.core.clock import Now
from app.core.database import Base, DbSession
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.links import Links

SEND_MAIL = "mail.send"


class MailState(LabelledEnum):
    """Where an e-mail stands; one found in ``sending`` after a crash may have gone out."""

    QUEUED = "queued", N_("Waiting")
    SENDING = "sending", N_("Being sent")
    SENT = "sent", N_("Sent")


class Mail(Base):
    """An e-mail to one person."""

    __tablename__ = "mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    to_address: Mapped[str]
    locale: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Email:
    """What a feature says to one person; ``kind`` is ``<feature>.<message>``."""

    kind: str
    to_address: str
    locale: str
    subject: str
    text: str
    html: str


class Transport(Protocol):
    """Hands a finished message to the outside world, or raises."""

    def deliver(self, message: EmailMessage) -> None: ...


@dataclass(frozen=True)
class Outbox:
    """Takes e-mails into the running transaction."""

    session: Session
    links: Links
    now: datetime

    def add(self, email: Email) -> Mail:
        """Write the e-mail and the job that sends it."""
        mail = Mail(
            message_id=make_msgid(domain="quaylink"),
            kind=email.kind,
            to_address=email.to_address,
            locale=email.locale,
            subject=" ".join(email.subject.split()),  # a subject is one line
            text=email.text,
            html=email.html,
            created_at=self.now,
        )
        self.session.add(mail)
        self.session.flush()
        jobs.enqueue(self.session, SEND_MAIL, {"mail_id": mail.id}, at=self.now)
        return mail


def get_outbox(request: Request, session: DbSession, now: Now) -> Outbox:
    """Return an outbox that writes into this request's transaction."""
    return Outbox(session=session, links=request.app.state.links, now=now)


RequestOutbox = Annotated[Outbox, Depends(get_outbox)]


def as_message(mail: Mail, *, sender: str) -> EmailMessage:
    """Return the message with a plain and an HTML part, ready for a transport."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to_address
    message["Subject"] = mail.subject
    message["Date"] = mail.created_at
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = mail.locale  # at the end: setting the content clears it
    return message


def sending(transport: Transport, *, sender: str) -> jobs.Handler:
    """Return the handler that sends one mail.

    "Being sent" is committed before the transport is called, so that after a crash the mail is
    known to be uncertain; it is then sent again under the same Message-ID.
    """

    def send(work: jobs.Work) -> None:
        with work.transaction() as session:
            mail = session.get_one(Mail, work.payload["mail_id"])
            if mail.state is MailState.SENT:
                return
            mail.state = MailState.SENDING
        transport.deliver(as_message(mail, sender=sender))
        with work.finishing() as session:
            mail = session.get_one(Mail, work.payload["mail_id"])
            mail.state, mail.sent_at = MailState.SENT, work.now

    return send
