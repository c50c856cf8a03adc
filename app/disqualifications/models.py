"""Answers that the region means to exclude: evidence, the right of reply, and how it ended."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base
from app.responses.models import Response

REPLY_REMINDER = "disqualifications.reply_reminder"
"""Job kind: a day is left for the reply; payload ``{"case_id": …}``."""
REPLY_DUE = "disqualifications.reply_due"
"""Job kind: the time for a reply is over; payload ``{"case_id": …}``."""


class Case(Base):
    """The region's case against one answer; another may follow once it is settled."""

    __tablename__ = "disqualifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(
        ForeignKey("responses.id", ondelete="CASCADE"), index=True
    )
    response: Mapped[Response] = relationship(lazy="raise")
    evidence: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by_name: Mapped[str]
    reply_by: Mapped[datetime]
    """Replies count while now < reply_by."""
    reply: Mapped[str] = mapped_column(default="")
    replied_at: Mapped[datetime | None]
    replied_by_name: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    settled_by_name: Mapped[str] = mapped_column(default="")
    settlement: Mapped[str] = mapped_column(default="")
    """Why it was confirmed or lifted."""
    is_confirmed: Mapped[bool | None]
