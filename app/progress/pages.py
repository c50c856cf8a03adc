"""What pages say about work that goes on."""

from dataclasses import dataclass

from app.core.database import DbSession
from app.core.jobs import UNFINISHED, Job, JobState
from app.progress import queries
from app.progress.models import AwaitedWork


@dataclass(frozen=True)
class Progress:
    """A piece of work and how far it is."""

    work: AwaitedWork
    job: Job | None

    @property
    def is_running(self) -> bool:
        """Whether it waits or is under way."""
        return self.job is not None and self.job.state in UNFINISHED

    @property
    def is_given_up(self) -> bool:
        """Whether it failed too often."""
        return self.job is not None and self.job.state is JobState.DEAD


def progress_of(session: DbSession, work: AwaitedWork) -> Progress:
    """Return how far a piece of work is."""
    return Progress(work, queries.job_of(session, work))


def progress_towards(session: DbSession, user_id: int | None, path: str) -> Progress | None:
    """Return how far this person's newest work is whose result is at this address, if any."""
    work = queries.newest_at(session, user_id, path)
    return progress_of(session, work) if work else None
