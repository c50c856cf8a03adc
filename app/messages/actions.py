"""Every change of an inbox and of choices, and what becomes of an e-mail when its turn comes."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts.queries import user_by_email
from app.core import jobs, outbox
from app.core.message_kinds import Frequency, MessageKind, MessageKinds
from app.core.outbox import Mail, Outbox
from app.messages import emails, queries
from app.messages.models import DIGEST_DUE, Digest, Preference
from app.messages.policy import HELD, digest_moment, frequency_of


def mark(mail: Mail, *, is_read: bool, at: datetime) -> None:
    """Note that a message was read, or that it is to be read again."""
    mail.read_at = (mail.read_at or at) if is_read else None


def open_message(session: Session, mail: Mail, *, at: datetime) -> None:
    """Note that a message is being read; the count beside “Messages” knows it at once."""
    mark(mail, is_read=True, at=at)
    session.flush()


def mark_all_read(session: Session, address: str, *, at: datetime) -> None:
    """Note that every message to an address was read."""
    unread = update(Mail).where(Mail.to_address == address, Mail.read_at.is_(None))
    session.execute(unread.values(read_at=at))


def choose(
    session: Session, address: str, frequencies: Mapping[str, Frequency], *, at: datetime
) -> None:
    """Replace everything that an address chose otherwise than usual."""
    session.execute(delete(Preference).where(Preference.address == address))
    session.add_all(
        Preference(address=address, kind=kind, frequency=frequency, changed_at=at)
        for kind, frequency in frequencies.items()
    )


def switch_off(session: Session, address: str, kind: MessageKind, *, at: datetime) -> None:
    """Send no e-mails of one kind to an address any more; doing it twice changes nothing."""
    own = session.get(Preference, (address, kind.code))
    if own is None:
        own = Preference(address=address, kind=kind.code)
        session.add(own)
    own.frequency, own.changed_at = Frequency.OFF, at


def lets_out(session: Session, mail: Mail, kind: MessageKind, *, now: datetime) -> bool:
    """Return whether an e-mail goes out now; if not, its row says what becomes of it.

    It is dropped when its subject is over, held when its reader wants digests, and stays in the
    inbox alone when they switched its kind off.
    """
    if drop_if_over(session, mail, kind, now=now):
        return False
    frequency = frequency_of(kind, queries.choices_of(session, mail.to_address))
    if frequency in HELD:
        _hold(session, mail, digest_moment(frequency, now), now=now)
    elif frequency is Frequency.OFF:
        outbox.keep(mail)
    return frequency is Frequency.AT_ONCE


def drop_if_over(session: Session, mail: Mail, kind: MessageKind, *, now: datetime) -> bool:
    """Drop an e-mail that comes too late; return whether it did."""
    # Rows written before messages knew what they are about have nothing to ask with.
    because = kind.over(session, mail.about) if kind.over and mail.about else None
    if because is not None:
        outbox.drop(mail, because=because, at=now)
    return because is not None


def _hold(session: Session, mail: Mail, moment: datetime, *, now: datetime) -> None:
    day = moment.date()
    outbox.hold(mail, until=day)
    payload = {"address": mail.to_address, "day": day.isoformat()}
    key = f"digest:{mail.to_address}:{day}"
    jobs.enqueue(session, DIGEST_DUE, payload, at=now, run_at=moment, dedupe_key=key)


def make_digest(
    session: Session, address: str, day: date, kinds: MessageKinds, *, out: Outbox
) -> None:
    """Write the digest of an address for one day, unless there is one or nothing is left to tell.

    What is over by now is dropped, what was switched off meanwhile stays in the inbox.
    """
    chosen = queries.choices_of(session, address)
    if queries.digest_of(session, address, day) is not None:
        for mail in queries.held_for(session, address, day):
            _hold_longer(session, mail, frequency_of(kinds[mail.kind], chosen), now=out.now)
        return
    told = []
    for mail in queries.held_for(session, address, day):
        kind = kinds[mail.kind]
        if drop_if_over(session, mail, kind, now=out.now):
            continue
        if frequency_of(kind, chosen) is Frequency.OFF:
            outbox.keep(mail)
            continue
        outbox.note_digested(mail, at=out.now)
        told.append(mail)
    session.add(Digest(address=address, day=day, made_at=out.now, entry_count=len(told)))
    if told:
        user = user_by_email(session, address)
        name = user.name if user else ""
        out.add(emails.digest(address, told, name=name, links=out.links))


def _hold_longer(session: Session, mail: Mail, frequency: Frequency, *, now: datetime) -> None:
    """Have what was held for a digest that is out already wait for the next one.

    Such a message came while one clock said that the digest was still to come, and another, or
    the same one before, that it was time for it.
    """
    wanted = frequency if frequency in HELD else Frequency.DAILY
    _hold(session, mail, digest_moment(wanted, now), now=now)


def move_address(session: Session, old: str, new: str) -> None:
    """Bring inbox and choices from an old address to a new one."""
    session.execute(update(Mail).where(Mail.to_address == old).values(to_address=new))
    for kept in (Preference, Digest):
        session.execute(delete(kept).where(kept.address == new))
        session.execute(update(kept).where(kept.address == old).values(address=new))


def forget_address(session: Session, address: str) -> None:
    """Delete everything that is kept under an address."""
    session.execute(delete(Mail).where(Mail.to_address == address))
    for kept in (Preference, Digest):
        session.execute(delete(kept).where(kept.address == address))
