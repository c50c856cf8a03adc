"""Batches: how many at once, when the next follows, who is held back, and never past the close."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core.job_runner import JobRunner
from app.core.journal import Event
from app.core.outbox import Mail
from app.matches.models import InvitationStop, Match, MatchState
from app.organisations.models import Organisation
from app.shortlists.models import Pace, SendingPlan
from app.shortlists.policy import LastBatch, Round, next_batch_at
from tests.conftest import NOON, FakeClock
from tests.factories import EARLIER, find, save
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match
from tests.factories.people import make_member, make_organisation

DAY = timedelta(days=1)
SignIn = Callable[[User], TestClient]


@pytest.fixture
def three(challenge: Challenge) -> list[Match]:
    """Three kept matches, with a plan of one at a time."""
    save(SendingPlan(challenge_id=challenge.id, batch_size=1, wait_days=5, is_automatic=True))
    kept = [make_match(challenge, state=MatchState.KEPT) for _ in range(3)]
    for place, match in enumerate(kept, start=1):
        match.position = place
        save(match)
    return kept


def send(browser: TestClient, challenge: Challenge, matches: list[Match]) -> int:
    fields = {"match_id": [str(match.id) for match in matches]}
    return browser.post(f"/challenges/{challenge.id}/shortlist/send", data=fields).status_code


def again(sign_in: SignIn, challenge: Challenge) -> TestClient:
    """Return the browser of another curator, signed in now."""
    [cluster] = find(select(Organisation).where(Organisation.id == challenge.curating_cluster_id))
    return sign_in(make_member(cluster))


def states(session: Session, matches: list[Match]) -> list[str]:
    session.expire_all()
    return [str(match.state) for match in matches]


def test_the_next_batch_follows_after_the_days_set(
    curator: TestClient,
    challenge: Challenge,
    three: list[Match],
    session: Session,
    runner: JobRunner,
    clock: FakeClock,
    sign_in: SignIn,
) -> None:
    page = curator.get(f"/challenges/{challenge.id}/shortlist/send").text
    assert page.count("With a later batch") == 2

    assert send(curator, challenge, three) == 303
    assert states(session, three) == ["sent", "kept", "kept"]
    clock.now = NOON + 5 * DAY - timedelta(seconds=1)
    runner.drain()
    assert states(session, three) == ["sent", "kept", "kept"]
    clock.now = NOON + 5 * DAY
    runner.drain()

    assert states(session, three) == ["sent", "sent", "kept"]
    assert [match.batch for match in three] == [1, 2, None]
    sent = session.scalars(select(Event).where(Event.action == "match.sent")).all()
    assert [event.user_name for event in sent] == ["Cora Curator", ""]
    text = again(sign_in, challenge).get(f"/challenges/{challenge.id}/shortlist").text
    assert "Batch 2, 8 Jun 2030: 1 organisation, 1 has not replied" in text


def test_the_next_batch_follows_at_once_when_all_have_replied(
    curator: TestClient,
    challenge: Challenge,
    three: list[Match],
    session: Session,
    runner: JobRunner,
    sign_in: SignIn,
) -> None:
    first = make_member(session.get_one(Organisation, three[0].organisation_id))
    send(curator, challenge, three)
    runner.drain()
    assert states(session, three) == ["sent", "kept", "kept"]

    reply = {"reply": "not_for_us"}
    answer = sign_in(first).post(f"/invitations/{three[0].id}/reply", data=reply)
    assert answer.status_code == 303
    runner.drain()

    assert states(session, three) == ["declined", "sent", "kept"]


def test_by_hand_nothing_follows_by_itself(
    curator: TestClient,
    challenge: Challenge,
    three: list[Match],
    session: Session,
    runner: JobRunner,
    clock: FakeClock,
    sign_in: SignIn,
) -> None:
    pace = {"batch_size": "2", "wait_days": "3", "by_hand": "1"}
    path = f"/challenges/{challenge.id}/shortlist/pace"
    assert curator.post(path, data=pace).status_code == 303
    send(curator, challenge, three)
    clock.advance(days=10)
    runner.drain()

    assert states(session, three) == ["sent", "sent", "kept"]
    assert [match.batch for match in three] == [1, 1, None]
    assert send(again(sign_in, challenge), challenge, three[2:]) == 303
    session.refresh(three[2])
    assert three[2].batch == 2


def test_a_kept_match_goes_out_only_once_a_curator_sent_it(
    curator: TestClient,
    challenge: Challenge,
    three: list[Match],
    session: Session,
    runner: JobRunner,
    clock: FakeClock,
) -> None:
    send(curator, challenge, three)
    fresh = make_match(challenge, state=MatchState.KEPT)
    session.expire_all()
    undo = {"version": str(three[1].version)}
    path = f"/challenges/{challenge.id}/matches/{three[1].id}/undo"
    assert curator.post(path, data=undo).status_code == 303
    clock.now = NOON + 5 * DAY
    runner.drain()

    assert states(session, [*three, fresh]) == ["sent", "suggested", "sent", "kept"]


@pytest.mark.parametrize("count", [3, 2])
def test_an_organisation_gets_so_many_invitations_a_week(
    count: int,
    curator: TestClient,
    challenge: Challenge,
    session: Session,
    runner: JobRunner,
    clock: FakeClock,
) -> None:
    organisation = make_organisation(name="Much Asked")
    for days in range(count):
        other = make_match(make_challenge(), organisation, state=MatchState.SENT)
        other.sent_at = NOON - (days + 1) * DAY
        save(other)
    kept = make_match(challenge, organisation, state=MatchState.KEPT)

    assert send(curator, challenge, [kept]) == 303

    if count == 2:
        assert states(session, [kept]) == ["sent"]
        return
    assert states(session, [kept]) == ["kept"]
    text = curator.get(f"/challenges/{challenge.id}/shortlist").text
    assert "Much Asked:</strong> Held back" in text
    assert "from 7 Jun 2030" in text
    assert "Held back until 7 Jun 2030" in text
    clock.now = NOON + 4 * DAY - timedelta(seconds=1)
    runner.drain()
    assert states(session, [kept]) == ["kept"]
    clock.now = NOON + 4 * DAY
    runner.drain()
    assert states(session, [kept]) == ["sent"]


def test_whoever_wants_no_invitations_gets_none(
    curator: TestClient, challenge: Challenge, session: Session, sign_in: SignIn
) -> None:
    organisation = make_organisation(name="Quiet Works")
    person = make_member(organisation)
    kept = make_match(challenge, organisation, state=MatchState.KEPT)
    browser = sign_in(person)
    path = f"/organisations/{organisation.slug}/invitations"
    assert browser.post(path, data={"wanted": "no"}).status_code == 303
    assert session.scalars(select(InvitationStop.organisation_id)).all() == [organisation.id]

    assert send(curator, challenge, [kept]) == 303

    assert states(session, [kept]) == ["kept"]
    assert session.scalars(select(Mail)).all() == []
    assert "wants no invitations" in curator.get(f"/challenges/{challenge.id}/shortlist").text
    browser.post(path, data={"wanted": "yes"})
    assert send(curator, challenge, [kept]) == 303
    assert states(session, [kept]) == ["sent"]
    assert browser.post(path, data={"wanted": "perhaps"}).status_code == 422


@pytest.mark.parametrize("days_left", [5, 6])
def test_nothing_goes_out_past_the_close(
    days_left: int,
    curator: TestClient,
    challenge: Challenge,
    three: list[Match],
    session: Session,
    runner: JobRunner,
    clock: FakeClock,
) -> None:
    challenge = session.get_one(Challenge, challenge.id)
    challenge.closes_at = NOON + days_left * DAY
    session.commit()
    send(curator, challenge, three)
    clock.now = NOON + 5 * DAY
    runner.drain()

    second = "kept" if days_left == 5 else "sent"
    assert states(session, three)[1] == second


def test_who_the_cap_holds_until_the_close_is_said_not_to_go(
    curator: TestClient, challenge: Challenge, session: Session, runner: JobRunner
) -> None:
    organisation = make_organisation(name="Much Asked")
    for _ in range(3):
        other = make_match(make_challenge(), organisation, state=MatchState.SENT)
        other.sent_at = NOON
        save(other)
    challenge = session.get_one(Challenge, challenge.id)
    challenge.closes_at = NOON + 7 * DAY
    session.commit()
    kept = make_match(challenge, organisation, state=MatchState.KEPT)

    assert send(curator, challenge, [kept]) == 303
    runner.drain()

    text = curator.get(f"/challenges/{challenge.id}/shortlist").text
    assert "the challenge closes before the next is due" in text
    assert states(session, [kept]) == ["kept"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("batch_size", "0", "must be 1 or more"),
        ("batch_size", "51", "must be 50 or less"),
        ("wait_days", "soon", "enter a whole number"),
    ],
)
def test_a_pace_makes_sense(
    name: str, value: str, words: str, curator: TestClient, challenge: Challenge, session: Session
) -> None:
    make_match(challenge, state=MatchState.KEPT)
    pace = {"batch_size": "5", "wait_days": "5", name: value}

    answer = curator.post(f"/challenges/{challenge.id}/shortlist/pace", data=pace)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert f'value="{value}"' in answer.text
    assert session.scalars(select(SendingPlan)).all() == []


EMPTY = Round([], [], [], [], [])


def test_when_the_next_batch_goes() -> None:
    one = Round([object()], [], [], [], [])  # type: ignore[list-item]  # only counted
    waiting = LastBatch(1, EARLIER, 3, 2)
    answered = LastBatch(1, EARLIER, 3, 0)

    assert next_batch_at(waiting, Pace(wait_days=40), one, NOON) == EARLIER + 40 * DAY
    assert next_batch_at(waiting, Pace(wait_days=4), one, NOON) == NOON
    assert next_batch_at(answered, Pace(wait_days=40), one, NOON) == NOON
    assert next_batch_at(waiting, Pace(is_automatic=False), one, NOON) is None
    assert next_batch_at(answered, Pace(), EMPTY, NOON) is None
