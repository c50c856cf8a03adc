"""What the timer does on the opening day and at the deadline."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.challenges import actions
from app.challenges.models import (
    CLOSING,
    OPENING,
    Challenge,
    ChallengeState,
    Mode,
    start_of,
)
from app.core import jobs, journal
from app.core.job_runner import JobRunner
from app.core.jobs import Job, JobState
from app.organisations.models import Organisation
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories.challenges import CLOSES, make_challenge, make_draft
from tests.factories.people import make_cluster, make_member, make_organisation

OPENS = start_of(date(2030, 6, 10))


@pytest.fixture
def owner(session: Session) -> Organisation:
    return make_organisation(name="Port of Tests")


@pytest.fixture
def cluster(session: Session) -> Organisation:
    return make_cluster(name="Cluster of Tests")


def scheduled(session: Session, owner: Organisation) -> Challenge:
    challenge = make_draft(owner=owner, state=ChallengeState.SCHEDULED)
    actions.enqueue_opening(session, challenge, at=NOON)
    session.commit()
    return challenge


def opened(session: Session, owner: Organisation, cluster: Organisation) -> Challenge:
    challenge = make_challenge(owner=owner, curating_cluster=cluster)
    actions.enqueue_closing(session, challenge, at=NOON)
    session.commit()
    return challenge


def actions_of(session: Session, challenge: Challenge) -> list[str]:
    return [event.action for event in journal.history(session, challenge)]


def waiting(session: Session, kind: str) -> list[Job]:
    session.expire_all()
    todo = select(Job).where(Job.kind == kind, Job.state == JobState.TODO)
    return list(session.scalars(todo))


def test_it_opens_at_local_midnight_and_not_before(
    session: Session, owner: Organisation, clock: FakeClock, runner: JobRunner, mail: KeptMail
) -> None:
    challenge, person = scheduled(session, owner), make_member(owner)

    clock.now = OPENS - timedelta(seconds=1)
    assert runner.drain() == 0
    clock.now = OPENS
    runner.drain()

    session.refresh(challenge)
    assert (challenge.state, challenge.opened_at) == (ChallengeState.OPEN, OPENS)
    (event,) = journal.history(session, challenge)
    assert (event.user_name, event.at) == ("", OPENS)
    (message,) = mail.to(person.email)
    assert message["Subject"] == "“Shore power for ferries at berth” is open for answers"


def test_a_rolling_one_opens_without_a_last_day_and_says_that_nothing_is_sealed(
    session: Session, owner: Organisation, clock: FakeClock, runner: JobRunner, mail: KeptMail
) -> None:
    challenge, person = scheduled(session, owner), make_member(owner)
    challenge.mode, challenge.closes_at = Mode.ROLLING, None
    session.commit()

    clock.now = OPENS
    runner.drain()

    session.refresh(challenge)
    assert challenge.state is ChallengeState.OPEN
    (message,) = mail.to(person.email)
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "We tell you of each as it comes in" in text
    assert "sealed" not in text


def test_it_closes_at_the_deadline_and_tells_owner_and_curators(
    session: Session,
    owner: Organisation,
    cluster: Organisation,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    challenge = opened(session, owner, cluster)
    person, curator = make_member(owner), make_member(cluster)

    clock.now = CLOSES - timedelta(seconds=1)
    assert runner.drain() == 0
    clock.now = CLOSES
    runner.drain()

    session.refresh(challenge)
    assert (challenge.state, challenge.closed_at) == (ChallengeState.CLOSED, CLOSES)
    (to_owner,), (to_curator,) = mail.to(person.email), mail.to(curator.email)
    for message in (to_owner, to_curator):
        assert message["Subject"].endswith("is closed: the answers can be read now")
    assert f"/challenges/{challenge.id}/responses" in str(to_owner.get_body(("plain",)))
    assert "because Cluster of Tests looks after the challenge" in str(
        to_curator.get_body(("plain",))
    )
    assert waiting(session, CLOSING) == []


@pytest.mark.parametrize("kind", [OPENING, CLOSING])
def test_a_job_that_runs_twice_changes_nothing_more(
    session: Session,
    owner: Organisation,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
    kind: str,
) -> None:
    state = ChallengeState.SCHEDULED if kind == OPENING else ChallengeState.OPEN
    challenge, person = make_challenge(owner=owner, state=state), make_member(owner)
    clock.now = NOON if kind == OPENING else CLOSES
    for _ in range(2):
        jobs.enqueue(session, kind, {"challenge_id": challenge.id}, at=NOON)
    session.commit()

    runner.drain()

    assert len(journal.history(session, challenge)) == 1
    assert len(mail.to(person.email)) == 1


def test_a_deadline_that_moved_is_waited_for(
    session: Session,
    owner: Organisation,
    cluster: Organisation,
    clock: FakeClock,
    runner: JobRunner,
) -> None:
    challenge = opened(session, owner, cluster)
    challenge.closes_at = CLOSES + timedelta(days=7)
    session.commit()
    clock.now = CLOSES

    runner.drain()

    assert [job.run_at for job in waiting(session, CLOSING)] == [challenge.closes_at]
    assert "challenge.closed" not in actions_of(session, challenge)
    clock.advance(days=7)
    runner.drain()
    assert "challenge.closed" in actions_of(session, challenge)


def test_an_opening_day_that_moved_is_waited_for(
    session: Session, owner: Organisation, clock: FakeClock, runner: JobRunner
) -> None:
    challenge = scheduled(session, owner)
    challenge.opens_on = date(2030, 6, 12)
    session.commit()
    clock.now = OPENS

    runner.drain()

    session.refresh(challenge)
    assert challenge.state is ChallengeState.SCHEDULED
    assert [job.run_at for job in waiting(session, OPENING)] == [start_of(date(2030, 6, 12))]


@pytest.mark.parametrize("kind", [OPENING, CLOSING])
def test_a_challenge_that_is_gone_is_no_fault(
    session: Session, clock: FakeClock, runner: JobRunner, kind: str
) -> None:
    jobs.enqueue(session, kind, {"challenge_id": 999_999}, at=NOON)
    session.commit()

    runner.drain()

    assert [job.state for job in session.scalars(select(Job))] == [JobState.DONE]


def test_one_without_a_deadline_stays_open(
    session: Session, owner: Organisation, clock: FakeClock, runner: JobRunner
) -> None:
    challenge = make_challenge(owner=owner)
    challenge.closes_at = None
    jobs.enqueue(session, CLOSING, {"challenge_id": challenge.id}, at=NOON)
    session.commit()

    runner.drain()

    session.refresh(challenge)
    assert challenge.state is ChallengeState.OPEN
    assert waiting(session, CLOSING) == []
