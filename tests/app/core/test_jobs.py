"""Work for later is done once, even when workers die, overlap or fail."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.core import jobs
from app.core.job_overview import failed_jobs
from app.core.job_runner import JobRunner
from app.core.jobs import FIRST_RETRY, LEASE, MAX_ATTEMPTS, Job, JobState, Work
from app.core.journal import Event
from tests.conftest import FakeClock
from tests.factories.people import make_user

pytestmark = pytest.mark.both_databases


class Handler:
    """Does what the test tells it, and remembers its calls."""

    def __init__(self) -> None:
        self.payloads: list[object] = []
        self.error: Exception | None = None

    def __call__(self, work: Work) -> None:
        self.payloads.append(dict(work.payload))
        if self.error:
            raise self.error


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
def worker(session_factory: sessionmaker[Session], handler: Handler, clock: FakeClock) -> JobRunner:
    return JobRunner(session_factory, {"test": handler}, clock)


def add(
    session: Session, clock: FakeClock, *, later: timedelta = timedelta(), key: str | None = None
) -> Job:
    job = jobs.enqueue(
        session, "test", {"n": 1}, at=clock(), run_at=clock() + later, dedupe_key=key
    )
    session.commit()
    return job


def test_a_due_job_is_done_once(
    session: Session, clock: FakeClock, worker: JobRunner, handler: Handler
) -> None:
    job = add(session, clock)

    assert worker.drain() == 1
    assert worker.drain() == 0

    session.refresh(job)
    assert (job.state, job.attempts, job.finished_at) == (JobState.DONE, 1, clock())
    assert handler.payloads == [{"n": 1}]


def test_a_job_for_later_waits(session: Session, clock: FakeClock, worker: JobRunner) -> None:
    add(session, clock, later=timedelta(hours=1))

    assert worker.drain() == 0
    clock.advance(hours=1)
    assert worker.drain() == 1


def test_a_failing_job_is_tried_again_with_longer_pauses(
    session: Session, clock: FakeClock, worker: JobRunner, handler: Handler
) -> None:
    job = add(session, clock)
    handler.error = ValueError("no luck")
    pauses = []
    for _ in range(MAX_ATTEMPTS - 1):
        assert worker.run_next()
        assert not worker.run_next()
        session.refresh(job)
        pauses.append(job.run_at - clock())
        clock.now = job.run_at

    assert pauses == [FIRST_RETRY * 2**n for n in range(MAX_ATTEMPTS - 1)]
    assert (job.state, job.last_error) == (JobState.TODO, "ValueError: no luck")


def test_a_job_that_never_works_is_given_up(
    session: Session, clock: FakeClock, worker: JobRunner, handler: Handler
) -> None:
    job = add(session, clock)
    handler.error = ValueError("no luck")
    for _ in range(MAX_ATTEMPTS):
        worker.run_next()
        clock.advance(days=1)

    session.refresh(job)
    assert (job.state, job.attempts) == (JobState.DEAD, MAX_ATTEMPTS)
    assert worker.drain() == 0


def test_a_job_that_works_at_last_forgets_its_error(
    session: Session, clock: FakeClock, worker: JobRunner, handler: Handler
) -> None:
    job = add(session, clock)
    handler.error = ValueError("no luck")
    worker.run_next()
    handler.error = None
    clock.advance(days=1)

    worker.run_next()

    session.refresh(job)
    assert (job.state, job.last_error) == (JobState.DONE, "")


def test_waiting_twins_are_one(
    session: Session, clock: FakeClock, worker: JobRunner, handler: Handler
) -> None:
    first, second = add(session, clock, key="x"), add(session, clock, key="x")
    add(session, clock, key="y")

    assert first.id == second.id
    assert worker.drain() == 2


def test_a_running_job_does_not_swallow_a_new_one(
    session: Session, clock: FakeClock, session_factory: sessionmaker[Session]
) -> None:
    def ask_again(work: Work) -> None:
        if work.payload["n"] == 1:
            with work.finishing() as own:
                jobs.enqueue(own, "test", {"n": 2}, at=clock(), dedupe_key="x")

    add(session, clock, key="x")

    assert JobRunner(session_factory, {"test": ask_again}, clock).drain() == 2


def test_a_failed_job_gives_way_to_its_newer_twin(
    session: Session, clock: FakeClock, session_factory: sessionmaker[Session]
) -> None:
    def fail_after_asking_again(work: Work) -> None:
        with work.transaction() as own:
            jobs.enqueue(own, "test", {"n": 2}, at=clock(), dedupe_key="x")
        raise ValueError

    old = add(session, clock, key="x")

    JobRunner(session_factory, {"test": fail_after_asking_again}, clock).run_next()

    session.refresh(old)
    assert old.state is JobState.DONE
    waiting = session.scalars(select(Job).where(Job.state == JobState.TODO)).one()
    assert waiting.payload == {"n": 2}


def test_a_failed_job_without_a_key_gives_way_to_nobody(
    session: Session, clock: FakeClock, worker: JobRunner, handler: Handler
) -> None:
    first, second = add(session, clock), add(session, clock)
    handler.error = ValueError("no luck")

    worker.run_next()

    for job in (first, second):
        session.refresh(job)
    assert [job.state for job in (first, second)] == [JobState.TODO, JobState.TODO]
    handler.error = None
    clock.advance(minutes=1)
    assert worker.drain() == 2


def test_a_job_of_a_dead_worker_is_taken_over_after_its_lease(
    session: Session, clock: FakeClock, worker: JobRunner, handler: Handler
) -> None:
    job = add(session, clock)
    job.state, job.token, job.lease_until = JobState.DOING, "gone", clock() + LEASE
    session.commit()

    assert worker.drain() == 0
    clock.advance(seconds=LEASE.total_seconds() + 1)
    assert worker.drain() == 1

    session.refresh(job)
    assert job.state is JobState.DONE


def test_a_worker_that_lost_its_lease_writes_nothing(
    session: Session, clock: FakeClock, session_factory: sessionmaker[Session]
) -> None:
    user = make_user(name="Before")
    job = add(session, clock)

    def be_overtaken(work: Work) -> None:
        with work.transaction() as own:
            own.get_one(Job, job.id).token = "another worker's"
        with work.finishing() as own:
            own.merge(user).name = "After"

    JobRunner(session_factory, {"test": be_overtaken}, clock).run_next()

    session.refresh(user)
    session.refresh(job)
    assert user.name == "Before"
    assert (job.state, job.token) == (JobState.DOING, "another worker's")


def test_effects_and_done_are_one_transaction(
    session: Session, clock: FakeClock, session_factory: sessionmaker[Session]
) -> None:
    def fail_half_way(work: Work) -> None:
        with work.finishing() as own:
            own.add(Event(at=clock(), action="match.added", subject_kind="x", subject_id=1))
            own.flush()
            raise ValueError

    job = add(session, clock)

    JobRunner(session_factory, {"test": fail_half_way}, clock).run_next()

    session.refresh(job)
    assert job.state is JobState.TODO
    assert session.scalars(select(Event)).all() == []


def test_progress_is_seen_and_renews_the_lease(
    session: Session, clock: FakeClock, session_factory: sessionmaker[Session]
) -> None:
    job = add(session, clock)
    seen = []

    def work_long(work: Work) -> None:
        clock.advance(minutes=1)
        work.report(3, 10)
        session.refresh(job)
        seen.append((job.progress_done, job.progress_total, job.lease_until))

    JobRunner(session_factory, {"test": work_long}, clock).run_next()

    assert seen == [(3, 10, clock() + LEASE)]


def test_an_unknown_kind_fails_visibly(
    session: Session, clock: FakeClock, session_factory: sessionmaker[Session]
) -> None:
    job = add(session, clock)

    JobRunner(session_factory, {}, clock).run_next()

    session.refresh(job)
    assert job.last_error == "KeyError: 'test'"


def test_a_runner_takes_only_the_jobs_of_its_lane(
    session: Session, clock: FakeClock, session_factory: sessionmaker[Session]
) -> None:
    job = add(session, clock)
    done: list[object] = []
    handlers = {"test": lambda work: done.append(work.payload)}

    JobRunner(session_factory, handlers, clock, lane=Job.kind != "test").drain()
    session.refresh(job)
    assert (job.state, done) == (JobState.TODO, [])

    JobRunner(session_factory, handlers, clock, lane=Job.kind == "test").drain()
    session.refresh(job)
    assert (job.state, done) == (JobState.DONE, [job.payload])


def test_failed_jobs_are_those_whose_last_attempt_failed(
    session: Session, clock: FakeClock, worker: JobRunner, handler: Handler
) -> None:
    done = add(session, clock)
    worker.drain()
    handler.error = ValueError("no")
    failing = add(session, clock)
    worker.drain()
    add(session, clock, later=timedelta(hours=1))
    session.expire_all()

    assert [job.id for job in failed_jobs(session)] == [failing.id]
    assert done.state is JobState.DONE
