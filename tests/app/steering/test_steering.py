"""Extending, closing, reopening, cancelling, completing, archiving, through the door."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.actions import enqueue_closing
from app.challenges.models import KEPT_FOR, Challenge, ChallengeState, Ending, Mode, end_of
from app.core import journal
from app.core.forms import date_parts
from app.core.job_runner import JobRunner
from app.dialogue.models import Follow, Question
from app.dialogue.queries import follow_of
from app.responses.models import Response, ResponseState
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories import EARLIER, save
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.people import make_user
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
S = ChallengeState
REASON = "The harbour is closed for two weeks."


@pytest.fixture
def cast(session: Session) -> Cast:
    """A challenge with an answer, a draft and a follower around it."""
    return make_cast()


def in_state(session: Session, cast: Cast, state: ChallengeState) -> Challenge:
    challenge = session.get_one(Challenge, cast.challenge.id)
    setattr(challenge, "state", state)  # noqa: B010 -- arranging, not moving
    session.commit()
    return challenge


def listeners(cast: Cast) -> dict[str, User]:
    """Return one person with an answer, one with a draft, one who follows."""
    make_response(cast.challenge, cast.startup)
    make_response(cast.challenge, cast.rivals_organisation, state=ResponseState.DRAFT)
    follower = make_user()
    save(Follow(challenge_id=cast.challenge.id, user_id=follower.id, created_at=EARLIER))
    return {"answered": cast.responder, "drafted": cast.rival, "follows": follower}


def parts(name: str, day: date) -> dict[str, str]:
    return {
        f"{name}.day": str(day.day),
        f"{name}.month": str(day.month),
        f"{name}.year": str(day.year),
    }


def is_archived(challenge: Challenge) -> bool:
    return challenge.state is S.ARCHIVED


def steer(browser: TestClient, challenge: Challenge, act: str, **typed: str) -> Any:
    data = {"version": str(challenge.version), "reason": REASON, **typed}
    return browser.post(f"/challenges/{challenge.id}/steering/{act}", data=data)


def text_to(mail: KeptMail, person: User) -> str:
    (message,) = mail.to(person.email)
    bodies = [part.get_content() for part in message.walk() if not part.is_multipart()]
    return "\n".join([message["Subject"], *bodies])


def test_an_extension_moves_the_dates_and_tells_everybody_concerned(
    session: Session, cast: Cast, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    challenge, told = cast.challenge, listeners(cast)
    challenge.questions_until = CLOSES - timedelta(days=7)
    session.commit()
    new = {
        **date_parts("last_day", date(2030, 7, 15)),
        **date_parts("decision_on", date(2030, 8, 20)),
    }

    answer = steer(sign_in(cast.owner), challenge, "extend", **new)
    runner.drain()

    session.refresh(challenge)
    assert answer.headers["location"] == f"/challenges/{challenge.id}/steering"
    assert challenge.closes_at == end_of(date(2030, 7, 15))
    assert challenge.questions_until == CLOSES + timedelta(days=7)
    assert challenge.decision_on == date(2030, 8, 20)
    event = journal.last_event(session, challenge)
    assert event is not None
    assert (event.action, event.reason) == ("challenge.extended", REASON)
    assert event.organisation_name == "Port of Example"
    for person in (*told.values(), cast.curator):
        text = text_to(mail, person)
        assert "More time for “Shore power for ferries at berth”" in text
        assert "15 July 2030, end of the day (CEST)" in text
        assert "Before, it was 1 July 2030" in text
        assert REASON in text
    assert mail.to(cast.owner.email) == []
    assert "your organisation has begun an answer" in text_to(mail, told["drafted"])
    assert "you follow the challenge" in text_to(mail, told["follows"])
    page = sign_in(make_user()).get(f"/challenges/{challenge.id}").text
    assert "Deadline extended" in page
    assert REASON in page


@pytest.mark.parametrize(
    ("last_day", "decision_on", "reason", "words"),
    [
        (date(2030, 7, 1), date(2030, 8, 1), REASON, "choose a day after 1 July 2030"),
        (date(2030, 6, 20), date(2030, 8, 1), REASON, "choose a day after 1 July 2030"),
        (date(2030, 8, 1), date(2030, 8, 1), REASON, "choose a day after the last day"),
        (date(2030, 7, 15), date(2030, 8, 1), " ", "Give a reason"),
    ],
)
def test_an_extension_is_refused_with_words_beside_the_field(
    session: Session,
    cast: Cast,
    sign_in: SignIn,
    last_day: date,
    decision_on: date,
    reason: str,
    words: str,
) -> None:
    typed = {
        **date_parts("last_day", last_day),
        **date_parts("decision_on", decision_on),
        "reason": reason,
    }

    answer = steer(sign_in(cast.owner), cast.challenge, "extend", **typed)

    session.refresh(cast.challenge)
    assert answer.status_code == 422
    assert words in answer.text
    assert cast.challenge.closes_at == CLOSES
    assert journal.history(session, cast.challenge) == []


def test_in_the_last_48_hours_only_the_region_extends(
    session: Session, cast: Cast, sign_in: SignIn, clock: FakeClock
) -> None:
    clock.now = CLOSES - timedelta(hours=47)
    new = date_parts("last_day", date(2030, 7, 15))

    refused = steer(sign_in(cast.owner), cast.challenge, "extend", **new)
    done = steer(sign_in(cast.region), cast.challenge, "extend", **new)

    session.refresh(cast.challenge)
    assert (refused.status_code, done.status_code) == (409, 303)
    assert "only the regional developers extend" in refused.text
    assert cast.challenge.closes_at == end_of(date(2030, 7, 15))


def test_what_somebody_changed_meanwhile_is_not_overwritten(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    browser, seen = sign_in(cast.owner), cast.challenge.version
    new = date_parts("last_day", date(2030, 7, 15))
    assert steer(browser, cast.challenge, "extend", **new).status_code == 303

    answer = steer(browser, cast.challenge, "cancel", version=str(seen))

    session.refresh(cast.challenge)
    assert answer.status_code == 409
    assert cast.challenge.state is S.OPEN


def test_it_closes_early_while_nobody_writes(
    session: Session, cast: Cast, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    make_response(cast.challenge, cast.startup)

    answer = steer(sign_in(cast.owner), cast.challenge, "close")
    runner.drain()

    session.refresh(cast.challenge)
    assert answer.status_code == 303
    assert (cast.challenge.state, cast.challenge.closes_at) == (S.CLOSED, NOON)
    text = text_to(mail, cast.responder)
    assert "Your answer has arrived in time" in text
    assert REASON in text
    assert sign_in(cast.owner).get(f"/challenges/{cast.challenge.id}/responses").status_code == 200


def test_it_does_not_close_early_on_somebody_who_writes(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    make_response(cast.challenge, cast.startup, state=ResponseState.DRAFT)
    browser = sign_in(cast.owner)

    answer = steer(browser, cast.challenge, "close")

    session.refresh(cast.challenge)
    assert answer.status_code == 409
    assert "Somebody is writing an answer" in answer.text
    assert cast.challenge.state is S.OPEN
    overview = browser.get(f"/challenges/{cast.challenge.id}/steering").text
    assert "Somebody is writing an answer" in overview


def test_at_the_deadline_responders_learn_what_became_of_theirs(
    session: Session, cast: Cast, clock: FakeClock, runner: JobRunner, mail: KeptMail
) -> None:
    told = listeners(cast)
    enqueue_closing(session, cast.challenge, at=NOON)
    session.commit()
    clock.now = CLOSES

    runner.drain()

    session.refresh(cast.challenge)
    assert (cast.challenge.state, cast.challenge.closes_at) == (S.CLOSED, CLOSES)
    assert "Your answer has arrived in time" in text_to(mail, told["answered"])
    assert "Your draft was not handed in" in text_to(mail, told["drafted"])
    assert "1 August 2030" in text_to(mail, told["follows"])


def test_the_region_reopens_what_nobody_has_read(
    session: Session,
    cast: Cast,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
    clock: FakeClock,
) -> None:
    told = listeners(cast)
    challenge = in_state(session, cast, S.CLOSED)
    clock.now = CLOSES + timedelta(hours=1)
    new = date_parts("last_day", date(2030, 7, 10))

    answer = steer(sign_in(cast.region), challenge, "reopen", **new)
    runner.drain()

    session.refresh(challenge)
    assert answer.status_code == 303
    assert (challenge.state, challenge.closes_at) == (S.OPEN, end_of(date(2030, 7, 10)))
    assert "Nobody has read your answer yet" in text_to(mail, told["answered"])
    clock.now = end_of(date(2030, 7, 10))
    runner.drain()
    session.refresh(challenge)
    assert challenge.state is S.CLOSED


def test_once_an_answer_was_read_nothing_is_reopened(
    session: Session, cast: Cast, sign_in: SignIn, clock: FakeClock
) -> None:
    make_response(cast.challenge, cast.startup)
    challenge = in_state(session, cast, S.CLOSED)
    clock.now = CLOSES + timedelta(hours=1)
    for _ in range(2):
        sign_in(cast.owner).get(f"/challenges/{challenge.id}/responses")

    answer = steer(
        sign_in(cast.region), challenge, "reopen", **date_parts("last_day", date(2030, 7, 9))
    )

    session.refresh(challenge)
    assert answer.status_code == 409
    assert "Somebody has read an answer already." in answer.text
    assert challenge.state is S.CLOSED
    read = [e for e in journal.history(session, challenge) if e.action == "challenge.answers_read"]
    assert [event.user_name for event in read] == [cast.owner.name]


def test_a_cancellation_tells_everybody_why_and_stays_readable(
    session: Session,
    cast: Cast,
    sign_in: SignIn,
    client: TestClient,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    told, challenge = listeners(cast), cast.challenge

    answer = steer(sign_in(cast.owner), challenge, "cancel")
    runner.drain()

    session.refresh(challenge)
    assert answer.status_code == 303
    assert (challenge.state, challenge.ended_at) == (S.CANCELLED, NOON)
    for person in told.values():
        assert REASON in text_to(mail, person)
    assert "What you wrote stays yours" in text_to(mail, told["drafted"])
    page = client.get(f"/challenges/{challenge.id}").text
    assert "This challenge is cancelled" in page
    assert REASON in page
    assert challenge.title in client.get("/challenges?stage=cancelled").text


def test_a_cancellation_without_a_reason_changes_nothing(
    session: Session, cast: Cast, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    answer = steer(sign_in(cast.owner), cast.challenge, "cancel", reason="")
    runner.drain()

    session.refresh(cast.challenge)
    assert answer.status_code == 422
    assert cast.challenge.state is S.OPEN
    assert mail.messages == []


def test_a_draft_given_up_is_nobody_elses_affair(
    session: Session,
    cast: Cast,
    sign_in: SignIn,
    client: TestClient,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    challenge = in_state(session, cast, S.DRAFT)
    challenge.opened_at = None
    session.commit()

    assert steer(sign_in(cast.owner), challenge, "cancel").status_code == 303
    runner.drain()

    assert mail.to(cast.curator.email) == []
    assert client.get(f"/challenges/{challenge.id}").status_code == 404


def test_completing_says_what_became_of_it(
    session: Session,
    cast: Cast,
    sign_in: SignIn,
    client: TestClient,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    told = listeners(cast)
    challenge = in_state(session, cast, S.DECIDED)

    waiting = steer(sign_in(cast.owner), challenge, "complete", ending="no_suitable")
    assert waiting.status_code == 409
    assert "These answers have no decision yet: Quay Plug." in waiting.text
    for response in session.scalars(select(Response)):
        setattr(response, "state", ResponseState.NOT_SELECTED)  # noqa: B010 -- arranging
    session.commit()
    answer = steer(sign_in(cast.owner), challenge, "complete", ending="no_suitable")
    runner.drain()

    session.refresh(challenge)
    assert answer.status_code == 303
    assert (challenge.state, challenge.ending) == (S.COMPLETED, Ending.NO_SUITABLE)
    assert "No answer was suitable" in text_to(mail, told["follows"])
    assert "No answer was suitable" in client.get(f"/challenges/{challenge.id}").text


def test_a_consultation_ends_with_what_was_heard(
    session: Session, cast: Cast, sign_in: SignIn, clock: FakeClock
) -> None:
    make_response(cast.challenge, cast.startup, state=ResponseState.ACKNOWLEDGED)
    challenge = in_state(session, cast, S.CLOSED)
    challenge.mode = Mode.CONSULTATION
    session.commit()
    browser = sign_in(cast.owner)

    wrong = steer(browser, challenge, "complete", ending="no_suitable")
    right = steer(browser, challenge, "complete", ending="consulted")

    session.refresh(challenge)
    assert (wrong.status_code, right.status_code) == (409, 303)
    assert (challenge.state, challenge.ending) == (S.COMPLETED, Ending.CONSULTED)


def test_after_a_year_it_goes_into_the_archive_and_people_are_forgotten(
    session: Session,
    cast: Cast,
    sign_in: SignIn,
    client: TestClient,
    runner: JobRunner,
    clock: FakeClock,
) -> None:
    challenge = cast.challenge
    follower = listeners(cast)["follows"]
    question = save(
        Question(
            challenge_id=challenge.id, user_id=follower.id, lang="en", text="Why?", asked_at=NOON
        )
    )
    steer(sign_in(cast.owner), challenge, "cancel")

    clock.now = NOON + KEPT_FOR - timedelta(seconds=1)
    runner.drain()
    session.refresh(challenge)
    assert not is_archived(challenge)
    clock.now = NOON + KEPT_FOR
    runner.drain()

    session.expire_all()
    assert is_archived(challenge)
    assert follow_of(session, challenge.id, follower.id) is None
    assert question.user_id is None
    assert client.get(f"/challenges/{challenge.id}").status_code == 200
    assert challenge.title not in client.get("/challenges").text


def test_the_region_opens_a_scheduled_challenge_before_its_day(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    challenge = in_state(session, cast, S.SCHEDULED)

    refused = steer(sign_in(cast.owner), challenge, "open")
    done = steer(sign_in(cast.region), challenge, "open")

    session.refresh(challenge)
    assert (refused.status_code, done.status_code) == (403, 303)
    assert (challenge.state, challenge.opened_at) == (S.OPEN, NOON)


@pytest.mark.parametrize(
    ("who", "status"),
    [("curator", 403), ("owners_reader", 403), ("rival", 403), ("administrator", 403)],
)
def test_others_do_not_steer(
    session: Session, cast: Cast, sign_in: SignIn, who: str, status: int
) -> None:
    answer = steer(sign_in(getattr(cast, who)), cast.challenge, "cancel")

    session.refresh(cast.challenge)
    assert answer.status_code == status
    assert cast.challenge.state is S.OPEN


def test_a_late_decision_is_shown_as_late(
    session: Session, cast: Cast, client: TestClient, clock: FakeClock
) -> None:
    challenge = in_state(session, cast, S.EVALUATING)
    clock.now = end_of(date(2030, 8, 1)) - timedelta(seconds=1)
    assert "Decision late" not in client.get(f"/challenges/{challenge.id}").text

    clock.now = end_of(date(2030, 8, 1))

    assert "Decision late" in client.get(f"/challenges/{challenge.id}").text
