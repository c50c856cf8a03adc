"""What waits for curators and the region: by when, why, and what is late first."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.home.pages.tasks import Section, Task, by_date, first_of
from app.matches.models import MatchState
from app.organisations.models import Organisation
from app.responses.models import ResponseState
from app.shortlists.models import CoSignature
from tests.app.shortlists.test_own_members import flag
from tests.conftest import NOON
from tests.factories import save
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match
from tests.factories.people import make_cluster, make_member, make_user
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
DAY = timedelta(days=1)
S = ChallengeState


@pytest.fixture
def cluster(session: Session) -> Organisation:
    return make_cluster(name="Maritime Cluster")


@pytest.fixture
def curator(cluster: Organisation, sign_in: SignIn) -> TestClient:
    return sign_in(make_member(cluster))


@pytest.fixture
def region(session: Session, sign_in: SignIn) -> TestClient:
    return sign_in(make_user(is_regional_developer=True))


def words_of(browser: TestClient) -> str:
    text = re.sub(r"<(script|style|svg).*?</\1>", "", browser.get("/home").text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def changed(challenge: Challenge, **values: object) -> Challenge:
    for name, value in values.items():
        setattr(challenge, name, value)
    return save(challenge)


def test_a_review_says_by_when_and_why(cluster: Organisation, curator: TestClient) -> None:
    review = make_challenge(curating_cluster=cluster, state=S.IN_REVIEW, title="Quiet cranes")
    changed(review, submitted_at=NOON - 4 * DAY)  # a Thursday, so due on Tuesday

    text = words_of(curator)

    assert "Its owner was promised a word within three working days." in text
    assert "In review By 4 Jun 2030" in text


def test_answers_to_screen_wait_for_the_curators_of_their_cluster(
    cluster: Organisation, curator: TestClient, sign_in: SignIn
) -> None:
    closed = changed(
        make_challenge(curating_cluster=cluster, state=S.CLOSED, title="Quiet cranes"),
        closed_at=NOON - 12 * DAY,
    )
    make_response(closed, state=ResponseState.SCREENING)
    make_response(closed, state=ResponseState.ELIGIBLE)

    text = words_of(curator)

    assert "Answers to screen Quiet cranes Screen 1 answer" in text
    assert "Closed for answers Late: 1 Jun 2030" in text
    other = sign_in(make_member(make_cluster(name="Elsewhere")))
    assert "Answers to screen" not in words_of(other)


@pytest.mark.parametrize("days", [5, 4])
def test_the_region_sees_late_reviews(days: int, cluster: Organisation, region: TestClient) -> None:
    review = make_challenge(curating_cluster=cluster, state=S.IN_REVIEW, title="Quiet cranes")
    changed(review, submitted_at=NOON - days * DAY)

    text = words_of(region)

    is_late = days == 5
    assert ("Escalated to the region Quiet cranes Review it in place of" in text) == is_late
    assert ("The review is late: Maritime Cluster" in text) == is_late


@pytest.mark.parametrize("days", [15, 14])
def test_the_region_sees_late_screenings(
    days: int, cluster: Organisation, region: TestClient
) -> None:
    closed = make_challenge(curating_cluster=cluster, state=S.CLOSED, title="Quiet cranes")
    make_response(changed(closed, closed_at=NOON - days * DAY), state=ResponseState.SCREENING)

    assert ("The screening is late: Maritime Cluster" in words_of(region)) == (days == 15)


def test_the_region_sees_what_it_co_signs(cluster: Organisation, region: TestClient) -> None:
    evaluating = make_challenge(curating_cluster=cluster, state=S.EVALUATING, title="Quiet cranes")
    assert "Decisions to co-sign" not in words_of(region)
    flag(evaluating)

    assert "Decisions to co-sign Quiet cranes Co-sign the decisions" in words_of(region)

    signed = {"note": "", "signed_by_name": "Rosa", "signed_at": NOON}
    save(CoSignature(challenge_id=evaluating.id, **signed))
    assert "Decisions to co-sign" not in words_of(region)


def test_what_is_due_first_stands_first(cluster: Organisation, curator: TestClient) -> None:
    opened = make_challenge(curating_cluster=cluster, title="Later list")
    make_match(opened, state=MatchState.SUGGESTED)
    assert "What is due first" not in words_of(curator)
    review = make_challenge(curating_cluster=cluster, state=S.IN_REVIEW, title="Late review")
    changed(review, submitted_at=NOON - 9 * DAY)

    text = words_of(curator)

    first = text.index("What is due first")
    late, later = text.index("Late review", first), text.index("Later list", first)
    assert first < late < later
    assert "Challenges to review Late: 29 May 2030" in text


def test_the_order_of_tasks() -> None:
    def task(title: str, day: int | None, *, is_waiting: bool = True) -> Task:
        due = date(2030, 6, day) if day else None
        return Task(title, "/", "", "", due=due, is_waiting=is_waiting)

    tasks = [task("c", None), task("b", 9), task("a", 2), task("on", 1, is_waiting=False)]

    assert [each.title for each in by_date(tasks)] == ["on", "a", "b", "c"]
    assert [each.title for _, each in first_of([Section("s", "", tasks)])] == ["a", "b"]
    assert first_of([Section("s", "", [task("a", 2), task("c", None)])]) == []
