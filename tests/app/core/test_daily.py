"""Work of every day."""

from datetime import UTC, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.core import daily
from app.core.daily import DailyWork, next_moment
from app.core.job_runner import JobRunner
from app.core.jobs import Job, JobState, Work
from tests.conftest import FakeClock

THREE = time(3)


def test_the_next_moment_is_today_or_tomorrow_by_the_clocks_here() -> None:
    before, after = datetime(2030, 6, 3, 0, 59, tzinfo=UTC), datetime(2030, 6, 3, 1, tzinfo=UTC)

    assert next_moment(before, THREE) == datetime(2030, 6, 3, 1, tzinfo=UTC)
    assert next_moment(after, THREE) == datetime(2030, 6, 4, 1, tzinfo=UTC)


def test_it_stays_at_the_same_hour_when_the_clocks_change() -> None:
    assert next_moment(datetime(2030, 10, 26, 2, tzinfo=UTC), THREE).astimezone(UTC) == datetime(
        2030, 10, 27, 2, tzinfo=UTC
    )


def test_each_day_does_its_work_and_waits_for_the_next(
    session: Session, session_factory: sessionmaker[Session], clock: FakeClock
) -> None:
    days: list[datetime] = []
    every = {"test.daily": DailyWork(lambda work: days.append(work.now), THREE)}
    runner = JobRunner(session_factory, daily.handlers(every), clock)
    for _start_of_the_platform in range(2):
        daily.start(session, every, at=clock())
        session.commit()

    for _ in range(3):
        runner.drain()
        clock.advance(days=1)

    assert [day.day for day in days] == [4, 5]
    states = session.scalars(select(Job.state).order_by(Job.id)).all()
    assert states == [JobState.DONE, JobState.DONE, JobState.TODO]


def test_a_day_that_fails_does_not_end_the_series(
    session: Session, session_factory: sessionmaker[Session], clock: FakeClock
) -> None:
    def fail(_work: Work) -> None:
        raise RuntimeError("no luck today")

    every = {"test.daily": DailyWork(fail, THREE)}
    daily.start(session, every, at=clock())
    session.commit()
    clock.advance(days=1)

    JobRunner(session_factory, daily.handlers(every), clock).run_next()

    waiting = session.scalars(select(Job).where(Job.state == JobState.TODO)).one()
    assert waiting.last_error == ""
    assert waiting.run_at > clock()
