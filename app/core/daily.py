"""Work of every day: each day's job puts the next one in line before it begins."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from app.core import jobs
from app.core.i18n import TIME_ZONE
from app.core.jobs import Handler, Job, Work


@dataclass(frozen=True)
class DailyWork:
    """What is done once a day, and from when on in local time."""

    do: Callable[[Work], None]
    at: time


def next_moment(now: datetime, at: time) -> datetime:
    """Return the next moment after ``now`` at which the clocks here show ``at``."""
    day = now.astimezone(TIME_ZONE).date()
    today = datetime.combine(day, at, TIME_ZONE)
    return today if today > now else datetime.combine(day + timedelta(days=1), at, TIME_ZONE)


def enqueue_next(session: Session, kind: str, work: DailyWork, *, at: datetime) -> Job:
    """Put the next day's job in line, or return the one that waits there."""
    run_at = next_moment(at, work.at)
    return jobs.enqueue(session, kind, {}, at=at, run_at=run_at, dedupe_key=kind)


def start(session: Session, every: Mapping[str, DailyWork], *, at: datetime) -> None:
    """Put everything daily in line; what waits there already stays as it is."""
    for kind, work in every.items():
        enqueue_next(session, kind, work, at=at)


def handlers(every: Mapping[str, DailyWork]) -> Mapping[str, Handler]:
    """Return the handlers of everything daily, by job kind."""
    return {kind: _handler(kind, daily) for kind, daily in every.items()}


def _handler(kind: str, daily: DailyWork) -> Handler:
    def do(work: Work) -> None:
        with work.transaction() as session:  # first, so that a day that fails ends no series
            enqueue_next(session, kind, daily, at=work.now)
        daily.do(work)

    return do
