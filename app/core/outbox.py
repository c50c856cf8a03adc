"""Messages as rows: written with the change that causes them, read in an inbox, sent by a worker.

One row is both: what a person reads in their inbox at once, and the e-mail that a worker sends,
holds for a digest, keeps or drops when its turn comes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import make_msgid
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import JSON, Index, false
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import jobs
from app.core.clock import Now
from app.core.database import Base, DbSession
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.links import Links

SEND_MAIL = "mail.send"
_GAPS = re.compile(r"[^\S\u00a0\u202f]+")
"""White space, but for what keeps a French mark on the line of its word."""
MAY_BE_OUT = "it may have been sent, nobody can know; whoever tries again may send it twice"


def one_line(words: str) -> str:
    """Return words with a blank for each gap and line break; blanks that join stay as they are."""
    return _GAPS.sub(" ", words).strip()


class MailState(LabelledEnum):
    """Where an e-mail stands; one found in ``sending`` after a crash may have gone out."""

    QUEUED = "queued", N_("Waiting")
    SENDING = "sending", N_("Being sent")
    SENDING_AGAIN = "sending_again", N_("Being sent again")
    UNSURE = "unsure", N_("May have been sent")
    SENT = "sent", N_("Sent")
    HELD = "held", N_("Held for the digest")
    DIGESTED = "digested", N_("Sent in a digest")
    KEPT = "kept", N_("In the inbox only")
    DROPPED = "dropped", N_("Dropped")


class Mail(Base):
    """A message to one person: its e-mail, and its place in the inbox of that address."""

    __tablename__ = "mails"
    __table_args__ = (
        Index("ix_mails_inbox", "to_address", "mail_only", "read_at"),
        Index("ix_mails_digest", "to_address", "digest_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    to_address: Mapped[str]
    locale: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    """Both without what stands around every e-mail."""
    why: Mapped[str] = mapped_column(default="", server_default="")
    link: Mapped[str] = mapped_column(default="", server_default="")
    topic: Mapped[str] = mapped_column(default="", server_default="")
    topic_lang: Mapped[str] = mapped_column(default="", server_default="")
    about: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    mail_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    digest_on: Mapped[date | None]
    """The day of the digest that it waits for or went out with."""
    dropped_because: Mapped[str] = mapped_column(default="", server_default="")
    """Why it came too late, as a catalogue entry."""
    read_at: Mapped[datetime | None]


@dataclass(frozen=True)
class About:
    """What a message is about.

    :param topic: what it stands under in a digest, usually the title of a challenge
    :param lang: the topic's language
    :param ids: rows behind it, such as ``{"challenge_id": 4}``; the kind's ``over`` gets them
    """

    topic: str = ""
    lang: str = ""
    ids: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Email:
    """What a feature says to one person; ``kind`` is ``<feature>.<message>``.

    :param why: why this person gets it
    :param link: the absolute address at which it goes on
    :param mail_only: its link is a secret of whoever reads the e-mail; no inbox shows it
    """

    kind: str
    to_address: str
    locale: str
    subject: str
    text: str
    html: str
    why: str = ""
    link: str = ""
    about: About = field(default_factory=About)
    mail_only: bool = False


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
            subject=one_line(email.subject),
            text=email.text,
            html=email.html,
            why=email.why,
            link=email.link,
            topic=email.about.topic,
            topic_lang=email.about.lang,
            about=dict(email.about.ids),
            mail_only=email.mail_only,
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


def hold(mail: Mail, *, until: date) -> None:
    """Let an e-mail wait for the digest of a day."""
    mail.state, mail.digest_on = MailState.HELD, until


def keep(mail: Mail) -> None:
    """Leave a message in the inbox; no e-mail goes out."""
    mail.state = MailState.KEPT


def drop(mail: Mail, *, because: str, at: datetime) -> None:
    """Send no e-mail, since its subject is over; in the inbox it counts as read.

    :param because: a catalogue entry
    """
    mail.state, mail.dropped_because = MailState.DROPPED, because
    mail.read_at = mail.read_at or at


def note_digested(mail: Mail, *, at: datetime) -> None:
    """Note that a held e-mail goes out as an entry of a digest."""
    mail.state, mail.sent_at = MailState.DIGESTED, at
