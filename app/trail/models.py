"""Sourcing files that somebody asked for: made in the background, fetched by that person."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.challenges.models import Challenge
from app.core.database import Base

EXPORT_WANTED = "trail.export_wanted"
"""Job kind: put a sourcing file together; payload ``{"export_id": …}``."""
EXPORT_ENDS = "trail.export_ends"
"""Job kind: delete a sourcing file that was put together; payload ``{"export_id": …}``."""
NAMES_DUE = "trail.names_due"
"""Job kind: let the journal forget names whose time is over; payload empty."""
NAMES_DAILY = "trail.names_daily"
"""Job kind: have that done, once a day."""
KEPT_FOR = timedelta(days=2)
"""How long a file that was put together can be fetched."""


class SourcingExport(Base):
    """A sourcing file in one archive, bound to the person who asked for it."""

    __tablename__ = "sourcing_exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    challenge: Mapped[Challenge] = relationship(lazy="raise")
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    locale: Mapped[str]
    sight: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What its reader could see when they asked: the fields of ``policy.Sight``."""
    asked_at: Mapped[datetime]
    job_id: Mapped[int | None]
    ready_at: Mapped[datetime | None]
    sha256: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(default=0)
