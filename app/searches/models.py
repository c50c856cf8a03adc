"""Searches of challenges that people keep, to be told what is new."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.database import Base

EVERY_MORNING = "searches.every_morning"
"""Job kind: see who has to be told of something new, and write to each of them."""
TELLING = "searches.telling"
"""Job kind: write to one person about what is new in their searches; payload names them."""


class SavedSearch(Base):
    """One person's search of the public list."""

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("user_id", "query"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(lazy="raise")
    query: Mapped[str]
    """The address of the list after its question mark, without page and order."""
    wants_mail: Mapped[bool] = mapped_column(default=True)
    seen_ids: Mapped[list[int]] = mapped_column(JSON)
    """Challenges that were in it when the person saved it or was last told."""
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
