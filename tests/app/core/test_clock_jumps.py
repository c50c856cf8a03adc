"""A clock that is put forward or back, and machines whose clocks differ: nothing twice or never."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import SignInSession, User
from app.core import daily, heartbeats, journal, journal_check
from app.core.clock import SKEW
from app.core.daily import DailyWork
from app.core.database import open_engine
from app.core.errors import TooManyAttempts
from app.core.heartbeats import Heartbeat
from app.core.i18n import TIME_ZONE
from app.core.job_runner import JobRunner
from app.core.jobs import FIRST_RETRY, LEASE, Job, JobState, Work, enqueue
from app.core.journal import By, Event
from app.core.journal_chain import EventLink
from app.core.rate_limits import RateLimits, engine_beside
from app.core.signed_tokens import SignedTokens
from app.operations import policy
from app.operations.queries import Facts, Waiting
from tests.conftest import NOON, FakeClock
from tests.factories.people import make_user

SignIn = Callable[[User], TestClient]
Factory = sessionmaker[Session]
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
BACK = [5 * SECOND, HOUR, DAY]
SUBJECT = SimpleNamespace(__tablename__="challenges", id=1)


def runner_at(factory: Factory, clock: FakeClock, done: list[str]) -> JobRunner:
    return JobRunner(factory, {"test": lambda work: done.append(work.payload["n"])}, clock)


def put(session: Session, name: str, at: datetime, later: timedelta = timedelta()) -> Job:
    job = enqueue(session, "test", {"n": name}, at=at, run_at=at + later)
    session.commit()
    return job


@pytest.mark.parametrize("jump", BACK, ids=str)
def test_what_is_to_be_done_at_once_does_not_wait_until_the_clock_is_back_there(
    session: Session, session_factory: Factory, clock: FakeClock, jump: timedelta
) -> None:
    done: list[str] = []
    put(session, "at once", clock())
    put(session, "later", clock(), HOUR)
    clock.now -= jump

    assert runner_at(session_factory, clock, done).drain() == 1
    clock.now += jump + HOUR
    assert runner_at(session_factory, clock, done).drain() == 1

    assert done == ["at once", "later"]


@pytest.mark.parametrize("jump", [HOUR, DAY], ids=str)
def test_what_failed_is_tried_again_soon_after_the_clock_was_put_back(
    session: Session, session_factory: Factory, clock: FakeClock, jump: timedelta
) -> None:
    tries: list[datetime] = []

    def fail_at_first(work: Work) -> None:
        tries.append(work.now)
        if len(tries) == 1:
            raise RuntimeError("no luck")

    runner = JobRunner(session_factory, {"test": fail_at_first}, clock)
    put(session, "at once", clock())
    runner.drain()
    assert runner.drain() == 0, "the pause holds while the clock is right"
    clock.now -= jump

    runner.drain()

    assert tries == [NOON, NOON - jump]


@pytest.mark.parametrize("jump", [HOUR, DAY], ids=str)
def test_the_lease_of_a_dead_worker_ends_although_the_clock_was_put_back(
    session: Session, session_factory: Factory, clock: FakeClock, jump: timedelta
) -> None:
    done: list[str] = []
    job = put(session, "taken", clock())
    job.state, job.token, job.lease_until = JobState.DOING, "gone", clock() + LEASE
    session.commit()
    clock.now -= jump

    assert runner_at(session_factory, clock, done).drain() == 1
    clock.now += jump + LEASE
    assert runner_at(session_factory, clock, done).drain() == 0

    assert done == ["taken"]


@pytest.mark.parametrize("ahead", [5 * SECOND, -5 * SECOND], ids=str)
def test_two_machines_with_clocks_apart_do_not_take_each_others_jobs(
    session: Session, session_factory: Factory, clock: FakeClock, ahead: timedelta
) -> None:
    other, done = FakeClock(clock() + ahead), list[str]()
    others = runner_at(session_factory, other, done)

    def meanwhile(work: Work) -> None:
        done.append("ours")
        assert others.drain() == 0
        work.report(1, 2)
        clock.now += LEASE - 6 * SECOND
        other.now += LEASE - 6 * SECOND
        assert others.drain() == 0

    put(session, "ours", clock())
    JobRunner(session_factory, {"test": meanwhile}, clock).drain()

    assert (done, others.drain()) == (["ours"], 0)


def test_a_worker_whose_lease_a_jump_forward_ended_writes_nothing(
    session: Session, session_factory: Factory, clock: FakeClock
) -> None:
    done: list[str] = []

    def overtaken(work: Work) -> None:
        clock.now += DAY
        assert runner_at(session_factory, clock, done).drain() == 1
        clock.now -= DAY
        with work.finishing() as own:
            journal.record(own, SUBJECT, "challenge.revised", by=By(), at=work.now)

    job = put(session, "once", clock())
    JobRunner(session_factory, {"test": overtaken}, clock).drain()

    session.refresh(job)
    assert (done, job.state) == (["once"], JobState.DONE)
    assert session.scalars(select(Event)).all() == []


SPRING, AUTUMN = datetime(2030, 3, 31, tzinfo=UTC), datetime(2030, 10, 27, tzinfo=UTC)


@pytest.mark.parametrize("night", [SPRING, AUTUMN], ids=["spring", "autumn"])
@pytest.mark.parametrize("hour", [1, 2, 3, 7], ids=lambda hour: f"at {hour}:30")
def test_daily_work_is_done_once_a_day_when_the_clocks_change(
    session: Session, session_factory: Factory, night: datetime, hour: int
) -> None:
    clock, days = FakeClock(night - 2 * DAY), list[datetime]()
    every = {"test.daily": DailyWork(lambda work: days.append(work.now), time(hour, 30))}
    daily.start(session, every, at=clock())
    session.commit()
    runner = JobRunner(session_factory, daily.handlers(every), clock)

    while clock() < night + 3 * DAY:
        runner.drain()
        clock.now += timedelta(minutes=30)

    dates = [day.astimezone(TIME_ZONE).date() for day in days]
    assert dates == [dates[0] + timedelta(days=number) for number in range(len(dates))]
    assert night.date() in dates


@pytest.mark.parametrize("jump", BACK, ids=str)
def test_daily_work_is_not_repeated_when_the_clock_is_put_back_over_its_hour(
    session: Session, session_factory: Factory, clock: FakeClock, jump: timedelta
) -> None:
    done: list[datetime] = []
    every = {"test.daily": DailyWork(lambda work: done.append(work.now), time(3))}
    runner = JobRunner(session_factory, daily.handlers(every), clock)
    daily.start(session, every, at=clock())
    session.commit()
    clock.now = datetime(2030, 6, 4, 1, tzinfo=UTC)  # 3:00 here

    for step in (timedelta(), -jump, jump, DAY):
        clock.now += step
        daily.start(session, every, at=clock())  # as every start of the platform does
        session.commit()
        runner.drain()

    assert done == [datetime(2030, 6, day, 1, tzinfo=UTC) for day in (4, 5)]


@pytest.mark.parametrize("jump", [-DAY, -HOUR, -5 * SECOND, HOUR, DAY], ids=str)
def test_the_chain_of_the_journal_is_in_the_order_of_commits(
    session: Session, session_factory: Factory, clock: FakeClock, jump: timedelta
) -> None:
    for reason, step in (("first", timedelta()), ("second", jump), ("third", -jump)):
        clock.now += step
        with session_factory() as own, own.begin():
            journal.record(own, SUBJECT, "challenge.revised", by=By(), at=clock(), reason=reason)

    linked = select(Event.reason).join(EventLink).order_by(EventLink.number)
    told = [event.reason for event in journal.history(session, SUBJECT)]

    assert session.scalars(linked).all() == ["first", "second", "third"] == told[::-1]
    with session_factory() as own:
        assert journal_check.check(own).findings == []


@pytest.mark.parametrize(
    ("jump", "is_read"),
    [
        (-5 * SECOND, True), (-HOUR, True), (HOUR, True), (HOUR + SECOND, False),
        (-HOUR - SECOND, False), (DAY, False), (-DAY, False),
    ],
    ids=str,
)  # fmt: skip
def test_a_link_made_by_a_clock_that_is_ahead_is_read_as_long_as_one_that_is_old(
    clock: FakeClock,
    jump: timedelta,
    is_read: bool,  # noqa: FBT001 -- a row of the table
) -> None:
    tokens = SignedTokens("k" * 32, clock)
    token = tokens.make("reset", 7)
    clock.now += jump

    assert tokens.read("reset", token, max_age=3600) == (7 if is_read else None)


@pytest.mark.parametrize("jump", [HOUR, DAY], ids=str)
def test_nobody_is_locked_out_by_what_a_wrong_clock_counted(
    tmp_path: Path, clock: FakeClock, jump: timedelta
) -> None:
    beside = engine_beside(open_engine(f"sqlite+pysqlite:///{tmp_path / 'any.sqlite3'}"), tmp_path)
    limits = RateLimits(lambda: beside, "the key", clock=clock)

    def is_refused() -> bool:
        try:
            limits.count("1/minute", "sign-in", "ada@example.org")
        except TooManyAttempts:
            return True
        return False

    assert (is_refused(), is_refused()) == (False, True)
    clock.now -= 5 * SECOND
    assert is_refused(), "clocks that are seconds apart open nothing"
    clock.now -= jump
    assert (is_refused(), is_refused()) == (False, True)


@pytest.mark.parametrize("jump", [-DAY, -HOUR, -5 * SECOND, 5 * SECOND, HOUR], ids=str)
def test_a_session_that_was_ended_stays_ended_and_another_one_lives(
    session: Session, sign_in: SignIn, clock: FakeClock, jump: timedelta
) -> None:
    user = make_user()
    ended, living = sign_in(user), sign_in(user)
    assert ended.post("/sign-out").status_code == 303
    clock.now += jump

    assert [browser.get("/account").status_code for browser in (ended, living)] == [303, 200]
    assert len(session.scalars(select(SignInSession)).all()) == 1


@pytest.mark.parametrize(
    ("jump", "is_fine"), [(-5 * SECOND, True), (5 * SECOND, True), (-HOUR, False), (HOUR, False)]
)
def test_a_sign_of_life_from_the_future_is_none(
    session: Session,
    clock: FakeClock,
    jump: timedelta,
    is_fine: bool,  # noqa: FBT001 -- a row of the table
) -> None:
    heartbeats.beat(session, "quick", at=clock())
    session.commit()
    found = {beat.lane: beat.at for beat in session.scalars(select(Heartbeat))}
    facts = Facts("", found, frozenset(), Waiting(0, timedelta()))

    shown = policy.worker(facts, {"quick": frozenset()}, now=clock() + jump)

    assert shown.is_fine is is_fine


def test_pauses_are_longer_than_clocks_are_apart() -> None:
    assert FIRST_RETRY < SKEW < LEASE
