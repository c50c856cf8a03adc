"""Following, asking, answering and adding, through the door."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core import journal
from app.core.job_runner import JobRunner
from app.dialogue.models import Addendum, AddendumKind, Follow, Question, Tie
from app.dialogue.queries import everybody_concerned, follow_of, listeners
from app.matches.models import MatchState
from app.organisations.models import MemberRole, Organisation
from app.responses.models import ResponseState
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories import EARLIER, save
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES, make_challenge
from tests.factories.matches import make_match
from tests.factories.people import make_member, make_organisation, make_user
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
ASKED = "We at Quay Plug wonder: does the crane reach berth 4?"


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast()


def make_question(challenge: Challenge, asker: User) -> Question:
    return save(
        Question(
            challenge_id=challenge.id, user_id=asker.id, lang="en", text=ASKED, asked_at=EARLIER
        )
    )


def words_to(mail: KeptMail, person: User) -> str:
    parts = [part for message in mail.to(person.email) for part in message.walk()]
    subjects = [message["Subject"] for message in mail.to(person.email)]
    bodies = [part.get_content() for part in parts if not part.is_multipart()]
    return "\n".join([*subjects, *bodies])


def answer(browser: TestClient, asked: Question, **typed: str) -> Any:
    given = {
        "question": "Does the crane reach berth 4?",
        "answer": "Yes, since May.",
        "version": str(asked.version),
    }
    path = f"/challenges/{asked.challenge_id}/questions/{asked.id}"
    return browser.post(path, data={**given, **typed})


def add(browser: TestClient, challenge: Challenge, kind: str = "clarifies") -> Any:
    typed = {"text": "Berth 4 has 11 kV.", "kind": kind}
    return browser.post(f"/challenges/{challenge.id}/addenda/new", data=typed)


def test_somebody_follows_once_and_stops(session: Session, cast: Cast, sign_in: SignIn) -> None:
    follower = make_user()
    browser, path = sign_in(follower), f"/challenges/{cast.challenge.id}"
    assert "Follow it" in browser.get(path).text

    for _ in range(2):
        assert browser.post(f"{path}/follow").headers["location"] == path
    assert len(session.scalars(select(Follow)).all()) == 1
    assert "Follow it no longer" in browser.get(path).text

    browser.post(f"{path}/unfollow")
    browser.post(f"{path}/unfollow")
    assert follow_of(session, cast.challenge.id, follower.id) is None


def test_a_visitor_signs_in_first_and_a_draft_is_not_followed(
    session: Session, cast: Cast, sign_in: SignIn, client: TestClient
) -> None:
    path = f"/challenges/{cast.challenge.id}"
    owner = session.get_one(Organisation, cast.challenge.owner_id)
    draft = make_challenge(owner=owner, state=ChallengeState.DRAFT)

    assert client.post(f"{path}/follow").status_code == 401
    assert "Sign in to follow" in client.get(path).text
    assert sign_in(cast.owner).post(f"/challenges/{draft.id}/follow").status_code == 404
    assert session.scalars(select(Follow)).all() == []


def test_everybody_listens_once_for_the_closest_reason(session: Session, cast: Cast) -> None:
    challenge, fan = cast.challenge, make_user()
    drafter, interested = make_organisation(), make_organisation()
    make_response(challenge, cast.startup)
    make_response(challenge, drafter, state=ResponseState.DRAFT)
    make_match(challenge, interested, state=MatchState.INTERESTED)
    make_match(challenge, cast.rivals_organisation, state=MatchState.SENT)
    people = {
        make_member(drafter).id: Tie.DRAFTED,
        make_member(interested).id: Tie.INTERESTED,
        cast.responder.id: Tie.ANSWERED,
        fan.id: Tie.FOLLOWS,
    }
    make_member(drafter, role=MemberRole.READER)
    for user in (fan, cast.responder):
        save(Follow(challenge_id=challenge.id, user_id=user.id, created_at=EARLIER))

    assert {each.user.id: each.tie for each in listeners(session, challenge)} == people
    people |= {cast.owner.id: Tie.OWNS, cast.curator.id: Tie.LOOKS_AFTER}
    assert {each.user.id: each.tie for each in everybody_concerned(session, challenge)} == people


def test_a_question_reaches_the_owner_without_a_name(
    session: Session, cast: Cast, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    browser = sign_in(cast.responder)
    path = f"/challenges/{cast.challenge.id}/questions"

    sent = browser.post(path, data={"text": "Does the crane reach berth 4?", "lang": "en"})
    runner.drain()

    (question,) = session.scalars(select(Question))
    assert sent.headers["location"] == path
    assert (question.user_id, question.number, question.asked_at) == (cast.responder.id, None, NOON)
    for person in (cast.owner, cast.curator):
        words = words_to(mail, person)
        assert "Does the crane reach berth 4?" in words
        assert "Quay Plug" not in words
    shown = sign_in(cast.owner).get(path).text
    assert "1 question waits for an answer" in shown
    assert "Quay Plug" not in shown
    assert "Does the crane" not in sign_in(cast.rival).get(path).text


@pytest.mark.parametrize("seconds_late", [-1, 0, 1])
def test_questions_have_a_deadline_of_their_own(
    session: Session, cast: Cast, sign_in: SignIn, clock: FakeClock, seconds_late: int
) -> None:
    cast.challenge.questions_until = CLOSES - timedelta(days=7)
    session.commit()
    clock.now = CLOSES - timedelta(days=7) + timedelta(seconds=seconds_late)
    path = f"/challenges/{cast.challenge.id}/questions"

    sent = sign_in(cast.responder).post(path, data={"text": "Which plug?", "lang": "en"})

    is_in_time = seconds_late < 0
    assert sent.status_code == (303 if is_in_time else 409)
    assert len(session.scalars(select(Question)).all()) == is_in_time
    if not is_in_time:
        assert "takes no questions any more" in sent.text


def test_who_could_not_answer_does_not_ask(
    session: Session, cast: Cast, sign_in: SignIn, client: TestClient
) -> None:
    path = f"/challenges/{cast.challenge.id}/questions"
    typed = {"text": "Which plug?", "lang": "en"}

    assert client.post(path, data=typed).status_code == 401
    for person in (cast.owner, cast.curator, cast.responders_reader, make_user()):
        assert sign_in(person).post(path, data=typed).status_code == 403
    assert session.scalars(select(Question)).all() == []


def test_five_questions_may_wait_at_once(session: Session, cast: Cast, sign_in: SignIn) -> None:
    for _ in range(5):
        make_question(cast.challenge, cast.responder)

    refused = sign_in(cast.responder).post(
        f"/challenges/{cast.challenge.id}/questions", data={"text": "And a sixth?", "lang": "en"}
    )

    assert refused.status_code == 409
    assert len(session.scalars(select(Question)).all()) == 5


def test_an_answer_is_published_to_all_at_once_without_who_asked(
    session: Session,
    cast: Cast,
    sign_in: SignIn,
    client: TestClient,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    question = make_question(cast.challenge, cast.responder)
    make_response(cast.challenge, cast.rivals_organisation, state=ResponseState.DRAFT)

    published = answer(sign_in(cast.owner), question)
    runner.drain()

    session.refresh(question)
    assert published.status_code == 303
    assert (question.number, question.answered_at) == (1, NOON)
    event = journal.last_event(session, cast.challenge)
    assert event is not None
    assert (event.action, event.details) == ("challenge.clarified", {"number": 1})
    assert "Your question about" in words_to(mail, cast.responder)
    assert "Yes, since May." in words_to(mail, cast.rival)
    for page in (f"/challenges/{cast.challenge.id}", f"/challenges/{cast.challenge.id}/questions"):
        text = client.get(page).text
        assert "Does the crane reach berth 4?" in text
        assert "Yes, since May." in text
        assert "Quay Plug" not in text
        assert cast.responder.name not in text


def test_of_two_answers_the_second_is_refused_and_kept_in_the_form(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    question = make_question(cast.challenge, cast.responder)
    seen = str(question.version)
    assert answer(sign_in(cast.owner), question).status_code == 303

    second = answer(sign_in(cast.curator), question, answer="No, never.", version=seen)

    session.refresh(question)
    assert second.status_code == 409
    assert "No, never." in second.text
    assert question.answer == "Yes, since May."


@pytest.mark.parametrize("field", ["question", "answer"])
def test_an_answer_without_words_publishes_nothing(
    session: Session, cast: Cast, sign_in: SignIn, field: str
) -> None:
    question = make_question(cast.challenge, cast.responder)

    assert answer(sign_in(cast.owner), question, **{field: ""}).status_code == 422

    session.refresh(question)
    assert question.number is None


def test_others_neither_answer_nor_add(session: Session, cast: Cast, sign_in: SignIn) -> None:
    question = make_question(cast.challenge, cast.responder)

    for person in (cast.rival, cast.owners_reader, cast.responder, cast.administrator):
        assert answer(sign_in(person), question).status_code == 403
        assert add(sign_in(person), cast.challenge).status_code == 403

    session.refresh(question)
    assert question.number is None
    assert session.scalars(select(Addendum)).all() == []


def test_a_question_belongs_to_its_challenge(cast: Cast, sign_in: SignIn) -> None:
    question = make_question(make_challenge(), cast.responder)
    path = f"/challenges/{cast.challenge.id}/questions/{question.id}"

    assert sign_in(cast.owner).get(path).status_code == 404


def test_addenda_are_numbered_and_told_to_everybody_who_listens(
    session: Session,
    cast: Cast,
    sign_in: SignIn,
    client: TestClient,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    make_response(cast.challenge, cast.startup)

    for person in (cast.owner, cast.curator):
        assert add(sign_in(person), cast.challenge).status_code == 303
    runner.drain()

    assert [added.number for added in session.scalars(select(Addendum))] == [1, 2]
    words = words_to(mail, cast.responder)
    assert "Addendum 1 to “Shore power for ferries at berth”" in words
    assert "Addendum 2 to" in words
    assert "you can withdraw it, change it and submit it again" in words
    assert mail.to(cast.owner.email) == []
    page = client.get(f"/challenges/{cast.challenge.id}").text
    assert 'id="addendum-2"' in page
    assert "Berth 4 has 11 kV." in page
    assert "Addendum published" in page


@pytest.mark.parametrize(
    ("hours_left", "kind", "status"),
    [
        (120, AddendumKind.CHANGES, 303),
        (119, AddendumKind.CHANGES, 409),
        (1, AddendumKind.CLARIFIES, 303),
    ],
)
def test_what_is_asked_does_not_change_in_the_last_five_days(
    session: Session,
    cast: Cast,
    sign_in: SignIn,
    clock: FakeClock,
    hours_left: int,
    kind: AddendumKind,
    status: int,
) -> None:
    clock.now = CLOSES - timedelta(hours=hours_left)

    answered = add(sign_in(cast.owner), cast.challenge, kind.value)

    assert answered.status_code == status
    assert len(session.scalars(select(Addendum)).all()) == (status == 303)
    if status == 409:
        assert "Extend the deadline first." in answered.text
        assert "Berth 4 has 11 kV." in answered.text


def test_after_the_close_nothing_is_added_or_answered(
    session: Session, sign_in: SignIn, clock: FakeClock
) -> None:
    cast = make_cast(state=ChallengeState.CLOSED)
    question = make_question(cast.challenge, cast.responder)
    clock.now = CLOSES + timedelta(days=1)
    browser = sign_in(cast.owner)

    for refused in (add(browser, cast.challenge), answer(browser, question)):
        assert refused.status_code == 409
        assert "This is now “Closed for answers”" in refused.text
    assert session.scalars(select(Addendum)).all() == []
