"""The key in a person's secret feed addresses."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base

PERSONAL = "feeds.personal"
"""Purpose of the signature in a secret address."""


class FeedKey(Base):
    """What makes a person's addresses theirs; another one, or none, ends those there were.

    The addresses are signed, so that whoever reads this table alone cannot make one.
    """

    __tablename__ = "feed_keys"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str]
    created_at: Mapped[datetime]
