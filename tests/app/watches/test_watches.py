"""What should have happened by now: told once, to those who can act, to the second."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.challenges.actions import plan_watching
from app.challenges.models import Challenge, ChallengeState, Mode
from app.core import jobs
from app.core.job_runner import JobRunner
from app.core.journal import Event
from app.matches.models import MatchState
from app.matches.policy import NOT_NOW_FOR
from app.responses.models import ResponseState
from app.watches.models import EVERY_MORNING, Alarm
from app.watches.policy import RULES, Facts, moment_of
from app.watches.queries import moved_on
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match
from tests.factories.responses import make_response

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
S = ChallengeState


@pytest.fixture
def watched(session: Session) -> Callable[..., Cast]:
    def make(state: ChallengeState, **moments: object) -> Cast:
        cast = make_cast(state=state)
        for name, value in moments.items():
            setattr(cast.challenge, name, value)
        plan_watching(session, cast.challenge, at=NOON)
        session.commit()
        return cast

    return make


def rung(session: Session) -> list[str]:
    alarms = [alarm.value for alarm in Alarm]
    events = session.scalars(select(Event).where(Event.action.in_(alarms)).order_by(Event.id)).all()
    assert {(event.user_name, event.from_state) for event in events} <= {("", "")}
    return [event.action.removeprefix("challenge.") for event in events]


def pass_time(clock: FakeClock, runner: JobRunner, moment: datetime) -> None:
    clock.now = moment
    runner.drain()


def receivers(mail: KeptMail) -> set[str]:
    found = {str(message["To"]) for message in mail.messages}
    mail.messages.clear()
    return found


def test_a_review_is_asked_for_after_three_days_and_escalated_after_five(
    watched: Callable[..., Cast],
    session: Session,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    cast = watched(S.IN_REVIEW, submitted_at=NOON)
    pass_time(clock, runner, NOON + 3 * DAY - SECOND)
    assert receivers(mail) == set()
    pass_time(clock, runner, NOON + 3 * DAY)
    assert (rung(session), receivers(mail)) == (["review_nudged"], {cast.curator.email})
    pass_time(clock, runner, NOON + 5 * DAY - SECOND)
    assert receivers(mail) == set()
    pass_time(clock, runner, NOON + 5 * DAY)
    assert rung(session)[1:] == ["review_escalated"]
    assert receivers(mail) == {cast.region.email}
    pass_time(clock, runner, NOON + 50 * DAY)
    assert receivers(mail) == set()


def test_a_review_that_begins_anew_is_waited_for_anew(
    watched: Callable[..., Cast], session: Session, clock: FakeClock, runner: JobRunner
) -> None:
    cast = watched(S.IN_REVIEW, submitted_at=NOON)
    pass_time(clock, runner, NOON + 3 * DAY)
    session.refresh(cast.challenge)
    cast.challenge.submitted_at = NOON + 4 * DAY
    session.commit()

    pass_time(clock, runner, NOON + 7 * DAY - SECOND)
    assert rung(session) == ["review_nudged"]
    pass_time(clock, runner, NOON + 7 * DAY)
    assert rung(session) == ["review_nudged", "review_nudged"]


@pytest.mark.parametrize("state", [S.SCHEDULED, S.CHANGES_REQUESTED, S.DECLINED, S.CANCELLED])
def test_what_is_decided_is_left_alone(
    state: ChallengeState,
    watched: Callable[..., Cast],
    session: Session,
    clock: FakeClock,
    runner: JobRunner,
) -> None:
    watched(state, submitted_at=NOON, closed_at=NOON)
    pass_time(clock, runner, NOON + 20 * DAY)

    assert rung(session) == []


@pytest.mark.parametrize("interest", ["match", "answer", None])
def test_advice_comes_at_a_third_of_the_window_if_nobody_is_interested(
    interest: str | None,
    watched: Callable[..., Cast],
    session: Session,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    cast = watched(S.OPEN, opened_at=NOON, closes_at=NOON + 30 * DAY)
    make_match(cast.challenge, state=MatchState.SENT)
    if interest == "match":
        make_match(cast.challenge, state=MatchState.INTERESTED)
    if interest == "answer":
        make_response(cast.challenge, cast.startup, state=ResponseState.SUBMITTED)
    pass_time(clock, runner, NOON + 10 * DAY - SECOND)
    assert rung(session) == []
    mail.messages.clear()

    pass_time(clock, runner, NOON + 10 * DAY)

    if interest:
        assert rung(session) == []
        return
    assert rung(session) == ["reach_advised"]
    [message] = mail.to(cast.owner.email)
    body = message.get_body(("plain",))
    assert body is not None
    for page in ("addenda/new", "steering/extend", "matches", "refer"):
        assert f"http://testserver/challenges/{cast.challenge.id}/{page}" in body.get_content()
    assert receivers(mail) == {cast.owner.email, cast.curator.email}


def test_a_window_that_grew_has_a_later_third(
    watched: Callable[..., Cast], session: Session, clock: FakeClock, runner: JobRunner
) -> None:
    cast = watched(S.OPEN, opened_at=NOON, closes_at=NOON + 30 * DAY)
    runner.drain()
    session.refresh(cast.challenge)
    cast.challenge.closes_at = NOON + 60 * DAY
    session.commit()

    pass_time(clock, runner, NOON + 20 * DAY - SECOND)
    assert rung(session) == []
    pass_time(clock, runner, NOON + 20 * DAY)
    assert rung(session) == ["reach_advised"]


@pytest.mark.parametrize("state", [ResponseState.SCREENING, ResponseState.ELIGIBLE, None])
def test_a_screening_is_asked_for_after_ten_days_and_escalated_after_fifteen(
    state: ResponseState | None,
    watched: Callable[..., Cast],
    session: Session,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    cast = watched(S.CLOSED, closed_at=NOON)
    if state:
        make_response(cast.challenge, cast.startup, state=state)
    for moment, actions, told in (
        (NOON + 10 * DAY - SECOND, [], set()),
        (NOON + 10 * DAY, ["screening_nudged"], {cast.curator.email}),
        (NOON + 15 * DAY - SECOND, ["screening_nudged"], set()),
        (NOON + 15 * DAY, ["screening_nudged", "screening_escalated"], {cast.region.email}),
    ):
        pass_time(clock, runner, moment)
        is_waiting = state is ResponseState.SCREENING
        assert rung(session) == (actions if is_waiting else [])
        assert receivers(mail) == (told if is_waiting else set())


@pytest.mark.parametrize("state", list(ChallengeState))
@pytest.mark.parametrize("alarm", list(Alarm))
def test_square(alarm: Alarm, state: ChallengeState) -> None:
    challenge = Challenge(
        state=state,
        submitted_at=NOON,
        opened_at=NOON,
        closes_at=NOON + 9 * DAY,
        closed_at=NOON,
        mode=Mode.DEADLINE,
    )
    expected = {
        (Alarm.REVIEW_NUDGED, S.IN_REVIEW): 3,
        (Alarm.REVIEW_ESCALATED, S.IN_REVIEW): 5,
        (Alarm.REACH_ADVISED, S.OPEN): 3,
        (Alarm.SCREENING_NUDGED, S.CLOSED): 10,
        (Alarm.SCREENING_ESCALATED, S.CLOSED): 15,
    }.get((alarm, state))

    assert moment_of(alarm, challenge) == (expected and NOON + expected * DAY)


def test_no_window_has_no_third_and_a_consultation_no_screening() -> None:
    rolling = Challenge(state=S.OPEN, opened_at=NOON, closes_at=None)
    consultation = Challenge(state=S.CLOSED, closed_at=NOON, mode=Mode.CONSULTATION)

    assert moment_of(Alarm.REACH_ADVISED, rolling) is None
    assert not RULES[Alarm.SCREENING_NUDGED].is_wanted(consultation, Facts(unscreened=3))


def test_an_alarm_about_what_is_done_is_dropped(session: Session) -> None:
    challenge = make_cast(state=S.OPEN).challenge
    ids = {"challenge_id": challenge.id}

    assert moved_on(S.OPEN, session, ids) is None
    assert moved_on(S.IN_REVIEW, session, ids) == "This is done by now."


def every_morning(session: Session, runner: JobRunner, clock: FakeClock) -> None:
    """Have one morning's work done."""
    clock.advance(days=1)
    jobs.enqueue(session, EVERY_MORNING, {}, at=clock())
    session.commit()
    runner.drain()


def test_what_began_before_there_were_timers_is_not_forgotten(
    session: Session, clock: FakeClock, runner: JobRunner
) -> None:
    review = make_challenge(state=S.IN_REVIEW)
    review.submitted_at = NOON - 4 * DAY
    elsewhere = make_challenge(state=S.IN_REVIEW)
    elsewhere.submitted_at, elsewhere.source = NOON - 4 * DAY, "Records of others"
    session.add_all([review, elsewhere])
    session.commit()
    runner.drain()
    assert rung(session) == []

    every_morning(session, runner, clock)
    assert rung(session) == ["review_nudged", "review_escalated"]

    every_morning(session, runner, clock)
    assert rung(session) == ["review_nudged", "review_escalated"]  # once is enough


def test_an_invitation_without_an_end_gets_one_that_leaves_time_to_reply(
    session: Session, clock: FakeClock, runner: JobRunner
) -> None:
    challenge = make_challenge()
    waiting = make_match(challenge, state=MatchState.SENT)
    answered = make_match(challenge, state=MatchState.DECLINED)
    planned = make_match(challenge, state=MatchState.SEEN)
    for match, sent_at in ((waiting, NOON - 90 * DAY), (answered, NOON), (planned, NOON)):
        match.sent_at = sent_at
    planned.expires_at = NOON + 20 * DAY
    session.add_all([waiting, answered, planned])
    session.commit()

    every_morning(session, runner, clock)

    session.expire_all()
    assert waiting.expires_at == clock() + NOT_NOW_FOR
    assert (waiting.state, waiting.nudge_count) == (MatchState.SENT, 2)  # reminded once, not twice
    assert (answered.expires_at, planned.expires_at) == (None, NOON + 20 * DAY)
    clock.advance(days=NOT_NOW_FOR.days)
    runner.drain()
    session.expire_all()
    assert waiting.state is MatchState.EXPIRED
