"""What somebody chose to get by e-mail, and the digests that went out."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base
from app.core.message_kinds import Frequency

DIGEST_DUE = "messages.digest_due"
"""Job kind: collect what an address is told on one day."""


class Preference(Base):
    """How often an address gets e-mails of one kind, where it chose otherwise than usual.

    It belongs to the address, not to a person: whoever is invited to join has no account yet, and
    their off-switch works all the same.
    """

    __tablename__ = "message_preferences"

    address: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    frequency: Mapped[Frequency]
    changed_at: Mapped[datetime]


class Digest(Base):
    """The digest of one address on one day; there is never a second one."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("address", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    day: Mapped[date]
    made_at: Mapped[datetime]
    entry_count: Mapped[int]
    """0 where everything was over by then, so that no e-mail went out."""
