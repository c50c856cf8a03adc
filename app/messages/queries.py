"""Every SELECT on inboxes, choices and digests."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.core.outbox import Mail, MailState
from app.messages.models import Digest, Preference
from app.messages.policy import Chosen


def inbox_of(
    address: str, *, unread_only: bool = False, kinds: Collection[str] | None = None
) -> Select[Mail]:
    """Return the SELECT of the messages to an address, newest first.

    :param kinds: only these kinds; all if None
    """
    statement = select(Mail).where(Mail.to_address == address, Mail.mail_only.is_(False))
    if unread_only:
        statement = statement.where(Mail.read_at.is_(None))
    if kinds is not None:
        statement = statement.where(Mail.kind.in_(kinds))
    return statement.order_by(Mail.id.desc())


# Asked by every page, so put together once: that takes longer than the database needs for it.
_UNREAD = select(func.count(Mail.id)).where(
    Mail.to_address == bindparam("address"), Mail.mail_only.is_(False), Mail.read_at.is_(None)
)


def unread_count(session: Session, address: str) -> int:
    """Return how many messages to an address nobody has opened."""
    return session.scalar(_UNREAD, {"address": address}) or 0


def newest_unread(session: Session, address: str, *, count: int) -> Sequence[Mail]:
    """Return the newest messages to an address that nobody has opened."""
    return session.scalars(inbox_of(address, unread_only=True).limit(count)).all()


def message_to(session: Session, address: str, message_id: int) -> Mail | None:
    """Return one message, if it is in the inbox of this address."""
    return session.scalar(inbox_of(address).where(Mail.id == message_id))


def choices_of(session: Session, address: str) -> Chosen:
    """Return what an address chose otherwise than usual, by kind."""
    statement = select(Preference).where(Preference.address == address)
    return {own.kind: own.frequency for own in session.scalars(statement)}


def digest_of(session: Session, address: str, day: date) -> Digest | None:
    """Return the digest of an address on one day, if it is made already."""
    statement = select(Digest).where(Digest.address == address, Digest.day == day)
    return session.scalar(statement)


def held_for(session: Session, address: str, day: date) -> Sequence[Mail]:
    """Return the e-mails that wait for a digest, by topic as they came in."""
    statement = select(Mail).where(
        Mail.to_address == address, Mail.digest_on == day, Mail.state == MailState.HELD
    )
    return session.scalars(statement.order_by(Mail.id)).all()
