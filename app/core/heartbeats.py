"""Signs of life: each lane of workers says now and then that somebody serves it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.database import Base

BEAT = timedelta(seconds=10)
"""How often; oftener would make idle workers write all day."""


class Heartbeat(Base):
    """The last sign of life of a lane, whichever process gave it."""

    __tablename__ = "heartbeats"

    lane: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


def beat(session: Session, lane: str, *, at: datetime) -> None:
    """Note that a lane is served."""
    session.merge(Heartbeat(lane=lane, at=at))


def beats(session: Session) -> dict[str, datetime]:
    """Return when each lane was last known to be served."""
    return {each.lane: each.at for each in session.scalars(select(Heartbeat))}
