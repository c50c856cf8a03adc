"""The chain through all events: each link seals an event and everything before it.

Links are written as the last thing before a commit, under a lock on the chain's head, so that
their order is the order of the commits and writers wait for each other no longer than a commit
takes. The digest of a link covers the event without what is about a person, plus a salted digest
of that part: erase the part and its salt, and the chain still holds, while nobody can guess what
was there. Triggers of the database refuse changes; ``journal_check`` notices what got past them.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol

from sqlalchemy import ForeignKey, event, insert, inspect, select, update
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, UOWTransaction, mapped_column

from app.core.database import Base
from app.core.journal import PERSONAL_DETAILS, Event

FORMAT = 1
"""Counts up when what is sealed changes; part of every digest."""
GENESIS = ""
"""What comes before the first link."""
_UNLINKED = "journal_chain.unlinked"


class JournalIsFinal(TypeError):
    """Code tried to change or delete what was written into the journal."""

    def __init__(self) -> None:
        super().__init__("events are never changed and never deleted; record another one")


class EventLink(Base):
    """One link of the chain: the seal of one event."""

    __tablename__ = "event_links"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Place in the chain, from 1, without gaps."""
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), unique=True)
    personal_digest: Mapped[str]
    digest: Mapped[str]


class ChainHead(Base):
    """The last link there is; one row, locked while links are added."""

    __tablename__ = "event_chain_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    digest: Mapped[str]


@dataclass(frozen=True)
class Head:
    """How far the chain goes: who keeps this can tell later whether it is still the same."""

    number: int
    digest: str


class Sealed(Protocol):
    """What a link seals: an event, or a row with its columns."""

    id: int
    at: datetime
    action: str
    subject_kind: str
    subject_id: int
    from_state: str
    to_state: str
    reason: str
    user_id: int | None
    user_name: str
    organisation_id: int | None
    organisation_name: str
    details: dict[str, Any]
    address: str
    salt: str


def canonical(value: Any) -> bytes:
    """Return the one way to write a value as JSON."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def personal_digest(sealed: Sealed) -> str:
    """Return the salted digest of what an event says about a person."""
    about = {key: sealed.details[key] for key in PERSONAL_DETAILS & sealed.details.keys()}
    facts = [sealed.salt, sealed.user_id, sealed.user_name, sealed.address, about]
    return sha256(canonical(facts)).hexdigest()


def link_digest(number: int, sealed: Sealed, *, person: str, previous: str) -> str:
    """Return the seal of an event at its place in the chain.

    :param person: its personal digest
    :param previous: the seal before it
    """
    facts = [
        FORMAT, number, sealed.id, sealed.at.astimezone(UTC).isoformat(timespec="microseconds"),
        sealed.action, sealed.subject_kind, sealed.subject_id, sealed.from_state, sealed.to_state,
        sealed.reason, sealed.organisation_id, sealed.organisation_name,
        {key: value for key, value in sealed.details.items() if key not in PERSONAL_DETAILS},
        person, previous,
    ]  # fmt: skip
    return sha256(canonical(facts)).hexdigest()


def head_of(session: Session) -> Head:
    """Return how far the chain goes at this moment."""
    row = session.execute(select(ChainHead.number, ChainHead.digest)).one()
    return Head(row.number, row.digest)


@event.listens_for(Session, "after_flush")
def _notice(session: Session, _context: UOWTransaction) -> None:
    written = [row for row in session.new if isinstance(row, Event)]
    session.info.setdefault(_UNLINKED, []).extend(written)


@event.listens_for(Session, "before_commit")
def _seal(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint; the transaction itself may still be undone
    session.flush()
    noticed = session.info.pop(_UNLINKED, [])
    # What a rollback took back is no longer persistent.
    events = sorted((e for e in noticed if inspect(e).persistent), key=lambda e: e.id)
    if events:
        _append(session, events)


def _append(session: Session, events: list[Event]) -> None:
    connection = session.connection()
    locked = select(ChainHead.number, ChainHead.digest).with_for_update()
    number, digest = connection.execute(locked).one()
    links = []
    for sealed in events:
        number, person = number + 1, personal_digest(sealed)
        digest = link_digest(number, sealed, person=person, previous=digest)
        links.append(
            {
                "number": number,
                "event_id": sealed.id,
                "personal_digest": person,
                "digest": digest,
            }
        )
    connection.execute(insert(EventLink), links)
    connection.execute(update(ChainHead).values(number=number, digest=digest))


def _refuse(_mapper: Mapper[Any], _connection: Any, _row: Any) -> None:
    raise JournalIsFinal


for _model in (Event, EventLink):
    for _moment in ("before_update", "before_delete"):
        event.listen(_model, _moment, _refuse)


@event.listens_for(Session, "do_orm_execute")
def _refuse_in_bulk(statement: ORMExecuteState) -> None:
    if not (statement.is_update or statement.is_delete):
        return
    mapper = statement.bind_mapper
    if mapper is not None and mapper.class_ in {Event, EventLink, ChainHead}:
        raise JournalIsFinal


def erase(session: Session, *where: Any) -> int:
    """Forget who did what, in the events that match; return in how many.

    The only change that the database lets through. Its caller records that it happened.
    """
    session.flush()
    rows = session.execute(select(Event.id, Event.details).where(Event.salt != "", *where)).all()
    forgotten: dict[str, Any] = {"user_id": None, "user_name": "", "address": "", "salt": ""}
    for row in rows:
        details = {k: v for k, v in row.details.items() if k not in PERSONAL_DETAILS}
        change = update(Event).where(Event.id == row.id).values(**forgotten, details=details)
        session.connection().execute(change)  # around the session, which lets nothing through
    return len(rows)
