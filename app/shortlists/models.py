"""The curated list of a challenge, as it stood each time it was sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class ShortlistVersion(Base):
    """What the curated list said at one moment, next to what the machine had proposed."""

    __tablename__ = "shortlist_versions"
    __table_args__ = (UniqueConstraint("challenge_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenges.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("match_runs.id"))
    created_at: Mapped[datetime]
    created_by_name: Mapped[str]
    entries: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """In order: organisation id and name, position, machine rank or null, note, state."""
    dropped: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Left out by hand: organisation id and name, machine rank, reason."""
