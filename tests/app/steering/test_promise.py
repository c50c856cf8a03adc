"""The owner is reminded of the promised decision: a week before, on its day, a week after."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.challenges.actions import enqueue_closing
from app.challenges.models import PROMISE_DUE, Mode, start_of
from app.core.job_runner import JobRunner
from app.core.jobs import Job, JobState
from app.steering.policy import next_reminder, reminder_at
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories import save
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES

PROMISED = date(2030, 8, 1)
WEEK_BEFORE, ON_THE_DAY, WEEK_AFTER = (reminder_at(PROMISED, step) for step in range(3))


@pytest.fixture
def cast(session: Session, clock: FakeClock, runner: JobRunner, mail: KeptMail) -> Cast:
    """A challenge that has closed at its deadline; what was said then is forgotten."""
    cast = make_cast()
    enqueue_closing(session, cast.challenge, at=NOON)
    session.commit()
    clock.now = CLOSES
    runner.drain()
    mail.messages.clear()
    return cast


def subjects(mail: KeptMail) -> set[str]:
    return {message["Subject"].split("“")[0].strip() for message in mail.messages}


@pytest.mark.parametrize(
    ("now", "after", "step"),
    [
        (CLOSES, -1, 0),
        (WEEK_BEFORE, -1, 1),
        (WEEK_BEFORE, 0, 1),
        (ON_THE_DAY, 1, 2),
        (WEEK_AFTER, -1, None),
        (WEEK_AFTER, 2, None),
    ],
)
def test_the_next_reminder(now: datetime, after: int, step: int | None) -> None:
    assert next_reminder(PROMISED, now, after=after) == step


def test_each_reminder_comes_once_and_in_time(
    cast: Cast, clock: FakeClock, runner: JobRunner, mail: KeptMail
) -> None:
    for moment, words, late in (
        (WEEK_BEFORE, "In a week you decide on", False),
        (ON_THE_DAY, "Today you decide on", False),
        (WEEK_AFTER, "The decision on", True),
    ):
        clock.now = moment - timedelta(seconds=1)
        runner.drain()
        assert mail.messages == []
        clock.now = moment
        runner.drain()
        assert subjects(mail) == {words}
        assert len(mail.to(cast.owner.email)) == 1
        assert len(mail.to(cast.region.email)) == late
        mail.messages.clear()
    clock.advance(days=100)
    runner.drain()
    assert mail.messages == []


def test_a_market_consultation_promises_feedback(
    session: Session, cast: Cast, clock: FakeClock, runner: JobRunner, mail: KeptMail
) -> None:
    session.refresh(cast.challenge)
    cast.challenge.mode = Mode.CONSULTATION
    save(cast.challenge)
    for moment, words in (
        (WEEK_BEFORE, "In a week your feedback is due:"),
        (ON_THE_DAY, "Today your feedback is due:"),
        (WEEK_AFTER, "The feedback is late:"),
    ):
        clock.now = moment
        runner.drain()
        assert subjects(mail) == {words}
        body = mail.messages[0].get_body(("plain",))
        assert body is not None
        assert "was promised feedback with its reason" in " ".join(body.get_content().split())
        mail.messages.clear()


def test_after_a_decision_nobody_is_reminded(
    session: Session, cast: Cast, clock: FakeClock, runner: JobRunner, mail: KeptMail
) -> None:
    session.refresh(cast.challenge)
    setattr(cast.challenge, "state", "decided")  # noqa: B010 -- arranging, not moving
    session.commit()
    clock.now = WEEK_AFTER

    runner.drain()

    assert mail.messages == []


def test_a_promise_that_moved_is_waited_for(
    session: Session, cast: Cast, clock: FakeClock, runner: JobRunner, mail: KeptMail
) -> None:
    session.refresh(cast.challenge)
    cast.challenge.decision_on = date(2030, 9, 1)
    session.commit()
    clock.now = WEEK_BEFORE

    runner.drain()

    waiting = select(Job).where(Job.kind == PROMISE_DUE, Job.state == JobState.TODO)
    assert [job.run_at for job in session.scalars(waiting)] == [start_of(date(2030, 8, 25))]
    assert mail.messages == []
