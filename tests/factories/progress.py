"""Work that somebody waits for."""

from app.accounts.models import User
from app.core.jobs import Job, JobState
from app.progress.models import AwaitedWork, WorkKind
from tests.factories import EARLIER, save


def make_awaited_work(
    user: User,
    *,
    state: JobState = JobState.DOING,
    done: int = 0,
    total: int = 0,
    path: str = "/challenges/1/matches",
) -> AwaitedWork:
    """Return a match run that this person waits for."""
    is_over = state in {JobState.DONE, JobState.DEAD}
    job = save(
        Job(
            kind="challenges.matching_wanted",
            payload={},
            dedupe_key=None,
            state=state,
            created_at=EARLIER,
            run_at=EARLIER,
            progress_done=done,
            progress_total=total,
            finished_at=EARLIER if is_over else None,
        )
    )
    return save(
        AwaitedWork(
            user_id=user.id,
            job_id=job.id,
            kind=WorkKind.MATCHING,
            about="Shore power for ferries at berth",
            lang="en",
            path=path,
            asked_at=EARLIER,
        )
    )
