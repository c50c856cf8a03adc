"""Waiting for work."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.jobs import Job
from app.organisations.policy import Actor
from app.progress import queries
from app.progress.models import AwaitedWork, WorkKind


@dataclass(frozen=True)
class Wanted:
    """What somebody waits for: its kind, what it is about, and where the result will be."""

    kind: WorkKind
    about: str
    path: str
    lang: str = ""


def wait_for(session: Session, job: Job, wanted: Wanted, *, by: Actor, at: datetime) -> None:
    """Show a job to the person who asked for it until it is done; asking twice is one waiting."""
    if by.user is None or queries.awaits(session, by.user.id, job.id):
        return
    session.add(
        AwaitedWork(
            user_id=by.user.id,
            job_id=job.id,
            kind=wanted.kind,
            about=wanted.about,
            lang=wanted.lang,
            path=wanted.path,
            asked_at=at,
        )
    )


def go_on_waiting(session: Session, given_up: Job, again: Job) -> None:
    """Let everybody who waited for a job that was given up wait for the one in its place."""
    for work in queries.waiting_for(session, given_up.id):
        if queries.awaits(session, work.user_id, again.id):
            session.delete(work)
        else:
            work.job_id = again.id
