"""Reminders after one and two weeks, the end after three; "not now"; taking back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.job_runner import JobRunner
from app.core.journal import Event
from app.matches.models import INVITED_STATES, RECALLABLE, Match, MatchState
from app.matches.policy import Care, free_from, next_care
from app.organisations.models import Organisation
from app.steering.policy import Act
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match
from tests.factories.people import make_cluster, make_member, make_organisation, make_user

SignIn = Callable[[User], TestClient]
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make_organisation(name="Berth Electric")


@pytest.fixture
def responder(organisation: Organisation) -> User:
    return make_member(organisation, user=make_user(name="Noor", email="noor@berth.example"))


@pytest.fixture
def challenge(session: Session) -> Challenge:
    return make_challenge(curating_cluster=make_cluster(name="Maritime Cluster"))


@pytest.fixture
def curator(challenge: Challenge, session: Session) -> User:
    cluster = session.get_one(Organisation, challenge.curating_cluster_id)
    return make_member(cluster, user=make_user(name="Cora", email="cora@cluster.example"))


@pytest.fixture
def sent(
    sign_in: SignIn,
    curator: User,
    responder: User,
    challenge: Challenge,
    organisation: Organisation,
) -> Match:
    """An invitation that went out at noon."""
    match = make_match(challenge, organisation, state=MatchState.KEPT)
    fields = {"match_id": str(match.id)}
    answer = sign_in(curator).post(f"/challenges/{challenge.id}/shortlist/send", data=fields)
    assert answer.status_code == 303
    return match


def wait(runner: JobRunner, clock: FakeClock, until: datetime) -> None:
    """Let every day pass until a moment, as a worker that runs all the time would see it."""
    while clock.now + DAY < until:
        clock.now += DAY
        runner.drain()
    clock.now = until
    runner.drain()


def subjects(mail: KeptMail) -> list[str]:
    return [str(message["Subject"]).split(":")[0] for message in mail.to("noor@berth.example")]


def test_silence_is_reminded_twice_and_then_ends(
    sent: Match, session: Session, runner: JobRunner, clock: FakeClock, mail: KeptMail
) -> None:
    wait(runner, clock, NOON + 7 * DAY - SECOND)
    assert subjects(mail) == ["Can you help? Shore power for ferries at berth"]
    wait(runner, clock, NOON + 7 * DAY)
    assert subjects(mail)[1:] == ["Your reply is awaited"]
    wait(runner, clock, NOON + 14 * DAY)
    assert subjects(mail)[2:] == ["Last reminder"]
    body = mail.to("noor@berth.example")[-1].get_body(("plain",))
    assert body is not None
    assert "without a reply the invitation ends on 24 June 2030" in body.get_content()
    assert body.get_content().count("http://testserver/reply/") == 3
    wait(runner, clock, NOON + 21 * DAY - SECOND)
    session.refresh(sent)
    assert sent.state is MatchState.SENT
    wait(runner, clock, NOON + 21 * DAY)

    session.refresh(sent)
    assert (sent.state, len(subjects(mail))) == (MatchState.EXPIRED, 3)
    [told] = mail.to("cora@cluster.example")
    assert told["Subject"] == "No reply to invitations: “Shore power for ferries at berth”"
    actions = session.scalars(select(Event.action).where(Event.subject_kind == "matches")).all()
    assert actions == ["match.sent", "match.nudged", "match.nudged", "match.expired"]


@pytest.mark.parametrize("jump", [timedelta(seconds=5), timedelta(hours=1), DAY], ids=str)
def test_nobody_is_reminded_twice_by_a_clock_that_goes_back_and_forth(
    sent: Match, session: Session, runner: JobRunner, clock: FakeClock, mail: KeptMail,
    jump: timedelta,
) -> None:  # fmt: skip
    for days in (7, 14, 21):
        for moment in (NOON + days * DAY, NOON + days * DAY - jump, NOON + days * DAY):
            wait(runner, clock, moment)

    session.refresh(sent)
    assert subjects(mail)[1:] == ["Your reply is awaited", "Last reminder"]
    assert sent.state is MatchState.EXPIRED


@pytest.mark.parametrize("reply", ["interested", "not_for_us"])
def test_whoever_replied_hears_no_more(
    reply: str,
    sent: Match,
    responder: User,
    sign_in: SignIn,
    session: Session,
    runner: JobRunner,
    clock: FakeClock,
    mail: KeptMail,
) -> None:
    sign_in(responder).post(f"/invitations/{sent.id}/reply", data={"reply": reply})
    session.refresh(sent)
    before = sent.state
    wait(runner, clock, NOON + 22 * DAY)

    session.refresh(sent)
    assert (sent.state, subjects(mail)[1:]) == (before, [])


@pytest.mark.parametrize("act", [Act.CLOSE, Act.CANCEL])
def test_after_the_close_nobody_is_reminded(
    act: Act,
    sent: Match,
    challenge: Challenge,
    sign_in: SignIn,
    session: Session,
    runner: JobRunner,
    clock: FakeClock,
    mail: KeptMail,
) -> None:
    region = sign_in(make_user(is_regional_developer=True))
    fields = {"reason": "The quay is sold.", "version": str(challenge.version)}
    path = f"/challenges/{challenge.id}/steering/{act}"
    assert region.post(path, data=fields).status_code == 303
    session.refresh(sent)
    assert sent.state is MatchState.EXPIRED
    wait(runner, clock, NOON + 22 * DAY)

    assert [each for each in subjects(mail) if "eminder" in each or "awaited" in each] == []


def test_not_now_is_asked_once_more_and_then_ends(
    sent: Match,
    responder: User,
    sign_in: SignIn,
    session: Session,
    runner: JobRunner,
    clock: FakeClock,
    mail: KeptMail,
) -> None:
    clock.now = NOON + 10 * DAY
    runner.drain()
    sign_in(responder).post(f"/invitations/{sent.id}/reply", data={"reply": "not_now"})
    wait(runner, clock, NOON + 17 * DAY - SECOND)
    assert subjects(mail)[1:] == ["Your reply is awaited"]
    wait(runner, clock, NOON + 17 * DAY)
    assert subjects(mail)[2:] == ["Can you help? Shore power for ferries at berth"]
    wait(runner, clock, NOON + 24 * DAY - SECOND)
    session.refresh(sent)
    assert sent.state is MatchState.SEEN
    wait(runner, clock, NOON + 24 * DAY)

    session.refresh(sent)
    assert (sent.state, len(subjects(mail))) == (MatchState.EXPIRED, 3)


def test_reminders_missed_are_not_made_up_for(
    sent: Match, runner: JobRunner, clock: FakeClock, mail: KeptMail, session: Session
) -> None:
    clock.now = NOON + 15 * DAY
    runner.drain()

    session.refresh(sent)
    assert (subjects(mail)[1:], sent.nudge_count) == (["Last reminder"], 2)


# --- taken back


@pytest.mark.parametrize("state", list(MatchState))
def test_a_match_is_taken_back_with_a_reason(
    state: MatchState,
    curator: User,
    responder: User,
    sign_in: SignIn,
    challenge: Challenge,
    organisation: Organisation,
    session: Session,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    match = make_match(challenge, organisation, state=state)
    path = f"/challenges/{challenge.id}/matches/{match.id}/recall"
    browser = sign_in(curator)
    assert browser.get(path).status_code == 200
    assert browser.post(path, data={"version": "1", "reason": " "}).status_code == 422
    assert browser.post(path, data={"version": "7", "reason": "Partner."}).status_code == 409

    answer = browser.post(path, data={"version": "1", "reason": "Partner of the owner."})

    runner.drain()
    session.refresh(match)
    told = mail.to("noor@berth.example")
    if state not in RECALLABLE:
        assert (answer.status_code, match.state, told) == (409, state, [])
        return
    assert (answer.status_code, match.state) == (303, MatchState.RECALLED)
    assert match.recall_reason == "Partner of the owner."
    assert len(told) == (state in INVITED_STATES)
    event = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.action, event.reason) == ("match.recalled", "Partner of the owner.")


def test_others_cannot_take_back(
    sent: Match, responder: User, sign_in: SignIn, session: Session, challenge: Challenge
) -> None:
    path = f"/challenges/{challenge.id}/matches/{sent.id}/recall"

    for user in (responder, make_member(make_cluster(name="Elsewhere"))):
        assert sign_in(user).post(path, data={"version": "2", "reason": "No."}).status_code == 404
    session.refresh(sent)
    assert sent.state is MatchState.SENT


def test_the_organisation_reads_why_and_keeps_what_it_wrote(
    sent: Match, responder: User, curator: User, sign_in: SignIn, challenge: Challenge
) -> None:
    browser = sign_in(responder)
    browser.post(f"/invitations/{sent.id}/reply", data={"reply": "interested"})
    assert browser.post(f"/challenges/{challenge.id}/answer").status_code in {303, 422}
    path = f"/challenges/{challenge.id}/matches/{sent.id}/recall"
    form = sign_in(curator).get(path).text
    assert "may have begun an answer" in form
    version = form.split('name="version" value="')[1].split('"')[0]
    sign_in(curator).post(path, data={"version": version, "reason": "An error of ours."})

    page = browser.get(f"/invitations/{sent.id}").text
    assert "An error of ours." in page
    assert 'name="reply"' not in page
    refused = browser.post(f"/invitations/{sent.id}/reply", data={"reply": "interested"})
    assert refused.status_code == 409
    assert browser.get(f"/challenges/{challenge.id}/answer").status_code in {200, 303}


# --- pure rules


def invitation(**values: object) -> Match:
    moments = {"sent_at": NOON, "expires_at": NOON + 21 * DAY, "nudge_count": 0}
    return Match(**{"state": MatchState.SENT, **moments, **values})


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        (invitation(), (NOON + 7 * DAY, Care.NUDGE)),
        (invitation(nudge_count=1), (NOON + 14 * DAY, Care.NUDGE)),
        (invitation(nudge_count=2), (NOON + 21 * DAY, Care.EXPIRE)),
        (invitation(not_now_until=NOON + 9 * DAY), (NOON + 21 * DAY, Care.EXPIRE)),
        (invitation(expires_at=None), None),
        *((invitation(state=s), None) for s in MatchState if s not in {"sent", "seen"}),
    ],
)
def test_what_comes_next(match: Match, expected: object) -> None:
    assert next_care(match) == expected


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [
        ((), NOON),
        ((1, 2), NOON),
        ((1, 2, 3), NOON + 4 * DAY),
        ((1, 2, 3, 4), NOON + 4 * DAY),
        ((1, 2, 7), NOON),
    ],
)
def test_from_when_an_organisation_may_be_invited(
    days_ago: tuple[int, ...], expected: datetime
) -> None:
    assert free_from([NOON - days * DAY for days in days_ago], 3, NOON) == expected


def test_a_draft_has_no_list_to_take_back_from(sign_in: SignIn, session: Session) -> None:
    cluster = make_cluster(name="Third")
    draft = make_challenge(curating_cluster=cluster, state=ChallengeState.DRAFT)
    match = make_match(draft, state=MatchState.KEPT)
    path = f"/challenges/{draft.id}/matches/{match.id}/recall"

    assert sign_in(make_member(cluster)).get(path).status_code == 404
