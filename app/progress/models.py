"""Who waits for which job."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base
from app.core.i18n import N_
from app.core.labels import LabelledEnum


class WorkKind(LabelledEnum):
    """Long work that people ask for."""

    MATCHING = "matching", N_("Match run")
    LEARNING = "learning", N_("Taking imported passages into matching")
    NEEDS = "needs", N_("Comparing a profile with all open needs")
    FILE = "file", N_("Putting a sourcing file together")
    INDEX = "index", N_("Comparing the index with the records")


class AwaitedWork(Base):
    """A job that somebody asked for; several people may wait for the same."""

    __tablename__ = "awaited_work"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    job_id: Mapped[int] = mapped_column(index=True)
    """A job by its number; it may be gone, for jobs are not kept for ever."""
    kind: Mapped[WorkKind]
    about: Mapped[str]
    """What it is about, such as the title of a challenge."""
    lang: Mapped[str]
    """In which language that is; empty for names."""
    path: Mapped[str]
    """Where its result is."""
    asked_at: Mapped[datetime]
