"""What somebody follows, and questions that wait, stand on "my work"."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.dialogue.models import Follow, Question
from tests.factories import EARLIER, save
from tests.factories.casts import make_cast
from tests.factories.challenges import make_challenge
from tests.factories.people import make_user

SignIn = Callable[[User], TestClient]


def test_followed_challenges_are_listed_until_they_end(session: Session, sign_in: SignIn) -> None:
    follower = make_user()
    assert "Challenges you follow" not in sign_in(follower).get("/home").text
    running = make_challenge(title="Quiet cranes")
    ended = make_challenge(title="Loud cranes", state=ChallengeState.CANCELLED)
    make_challenge(title="Other cranes")
    for challenge in (running, ended):
        save(Follow(challenge_id=challenge.id, user_id=follower.id, created_at=EARLIER))

    text = sign_in(follower).get("/home").text

    assert "Challenges you follow" in text
    assert "Quiet cranes" in text
    assert "Loud cranes" not in text
    assert "Other cranes" not in text


def test_waiting_questions_are_a_task_of_the_owner(session: Session, sign_in: SignIn) -> None:
    cast = make_cast()
    assert "Taking answers: nothing to do" in sign_in(cast.owner).get("/home").text
    for number in (None, None, 1):
        question = Question(
            challenge_id=cast.challenge.id, lang="en", text="Why?", asked_at=EARLIER, number=number
        )
        save(question)

    text = sign_in(cast.owner).get("/home").text

    assert "Answer 2 questions" in text
    assert f'href="/challenges/{cast.challenge.id}/questions"' in text
