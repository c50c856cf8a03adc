"""One immutable event per change that matters: who, on behalf of whom, when, why.

Every event needs a sentence for people: see ``event_words``. How events are chained, so that a
change from outside is noticed: see ``journal_chain``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any, Protocol

from sqlalchemy import JSON, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.database import ADDRESS, Base


class Subject(Protocol):
    """A row that has a history."""

    __tablename__: str
    id: int


@dataclass(frozen=True)
class By:
    """Who acts; names are kept, so that history survives the deletion of accounts.

    The timer acts without a user: ``By()``.
    """

    user_id: int | None = None
    name: str = ""
    organisation_id: int | None = None
    organisation_name: str = ""


TIMER = By()
PERSONAL_DETAILS = frozenset({"person", "user_id"})
"""Keys in an event's details that are about a person; they can be erased, all others stay."""


def new_salt() -> str:
    """Return what keeps a digest of few words from being guessed."""
    return token_hex(16)


class Event(Base):
    """A line of the journal. Never updated, never deleted by the application.

    What is about a person (who, from which address) can be erased; then ``salt`` is empty.
    """

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    from_state: Mapped[str] = mapped_column(default="")
    to_state: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int | None]
    user_name: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[int | None]
    organisation_name: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    address: Mapped[str] = mapped_column(default="")
    """From which network address, where the act came from one."""
    salt: Mapped[str] = mapped_column(default=new_salt)

    @property
    def is_erased(self) -> bool:
        """Whether it has been forgotten who did it."""
        return not self.salt


def record(  # noqa: PLR0913 -- an event is these facts; each has a name at the call
    session: Session,
    subject: Subject,
    action: str,
    *,
    by: By,
    at: datetime,
    reason: str = "",
    from_state: str = "",
    to_state: str = "",
    details: dict[str, Any] | None = None,
) -> Event:
    """Write one event about ``subject`` into the running transaction.

    :param action: dotted name ``<subject>.<past participle>``, such as ``challenge.submitted``
    """
    if subject.id is None:
        session.flush()  # a new row gets its id, which the event names
    event = Event(
        at=at,
        action=action,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        user_id=by.user_id,
        user_name=by.name,
        organisation_id=by.organisation_id,
        organisation_name=by.organisation_name,
        details=details or {},
        address=session.info.get(ADDRESS, ""),
    )
    session.add(event)
    return event


def history(session: Session, subject: Subject) -> Sequence[Event]:
    """Return the events of one row, newest first."""
    statement = select(Event).where(
        Event.subject_kind == subject.__tablename__, Event.subject_id == subject.id
    )
    return session.scalars(statement.order_by(Event.id.desc())).all()


def last_event(session: Session, subject: Subject) -> Event | None:
    """Return the newest event of one row."""
    return next(iter(history(session, subject)), None)
