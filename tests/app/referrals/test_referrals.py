"""Referring a challenge or a candidate to another cluster; recommending somebody."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.job_runner import JobRunner
from app.core.journal import Event
from app.core.state_machine import Mover
from app.matches.models import Match, MatchState, Origin
from app.organisations.models import Organisation
from app.referrals.models import MACHINE, Referral, ReferralKind, ReferralState
from tests.conftest import KeptMail
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match
from tests.factories.people import make_cluster, make_member, make_organisation, make_user
from tests.factories.referrals import make_referral

SignIn = Callable[[User], TestClient]
WHY = "It is about batteries rather than ships."


@pytest.fixture
def home(session: Session) -> Organisation:
    return make_cluster(name="Maritime Cluster")


@pytest.fixture
def other(session: Session) -> Organisation:
    return make_cluster(name="Battery Cluster")


@pytest.fixture
def challenge(home: Organisation) -> Challenge:
    return make_challenge(curating_cluster=home)


@pytest.fixture
def cora(home: Organisation, sign_in: SignIn) -> TestClient:
    return sign_in(make_member(home, user=make_user(name="Cora", email="cora@home.example")))


@pytest.fixture
def otto(other: Organisation, sign_in: SignIn) -> TestClient:
    return sign_in(make_member(other, user=make_user(name="Otto", email="otto@other.example")))


def words_of(browser: TestClient, path: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", browser.get(path).text).split())


def test_a_challenge_goes_to_the_cluster_that_accepts_it(
    cora: TestClient,
    otto: TestClient,
    challenge: Challenge,
    home: Organisation,
    other: Organisation,
    session: Session,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    path = f"/challenges/{challenge.id}/refer"
    answer = cora.post(path, data={"target": str(other.id), "note": WHY})
    assert answer.status_code == 303
    [referral] = session.scalars(select(Referral))
    assert (referral.kind, referral.from_id) == (ReferralKind.CHALLENGE, home.id)
    assert otto.get(f"/challenges/{challenge.id}/matches").status_code == 404
    waiting = words_of(otto, "/home")
    assert "Referred to you" in waiting
    assert "Accept it, or say why not · Cora, Maritime Cluster" in waiting
    again = cora.post(path, data={"target": str(other.id), "note": WHY})
    assert (again.status_code, WHY in again.text) == (422, True)

    assert otto.post(f"/referrals/{referral.id}", data={"answer": "accept"}).status_code == 303

    session.expire_all()
    assert challenge.curating_cluster_id == other.id
    assert otto.get(f"/challenges/{challenge.id}/matches").status_code == 200
    assert cora.get(f"/challenges/{challenge.id}/matches").status_code == 404
    assert "Cora, Maritime Cluster" in words_of(otto, f"/challenges/{challenge.id}")
    runner.drain()
    subjects = {str(m["To"]): str(m["Subject"]) for m in mail.messages if "eferr" in m["Subject"]}
    assert subjects == {
        "otto@other.example": "Referred to you: “Shore power for ferries at berth”",
        "cora@home.example": "Your referral is answered: “Shore power for ferries at berth”",
    }
    handed = select(Event).where(Event.action == "challenge.handed_over")
    [event] = session.scalars(handed)
    assert (event.user_name, event.organisation_name, event.reason) == (
        "Otto", "Battery Cluster", WHY
    )  # fmt: skip
    assert otto.post(f"/referrals/{referral.id}", data={"answer": "accept"}).status_code == 409


def test_a_referral_not_taken_stays_where_it_was(
    otto: TestClient,
    challenge: Challenge,
    home: Organisation,
    other: Organisation,
    session: Session,
) -> None:
    referral = make_referral(challenge, other)
    path = f"/referrals/{referral.id}"
    assert otto.post(path, data={"answer": "decline", "reason": " "}).status_code == 422
    assert otto.post(path, data={"answer": "maybe"}).status_code == 422

    reason = "We know nobody in this."
    assert otto.post(path, data={"answer": "decline", "reason": reason}).status_code == 303

    session.expire_all()
    assert (referral.state, referral.answer_reason) == (ReferralState.DECLINED, reason)
    assert challenge.curating_cluster_id == home.id


def test_what_has_moved_on_cannot_be_accepted(
    otto: TestClient, challenge: Challenge, other: Organisation, session: Session
) -> None:
    referral = make_referral(challenge, other)
    third = make_cluster(name="Third")
    challenge.curating_cluster_id = third.id
    session.commit()

    assert otto.post(f"/referrals/{referral.id}", data={"answer": "accept"}).status_code == 409

    session.expire_all()
    assert (referral.state, challenge.curating_cluster_id) == (ReferralState.PROPOSED, third.id)


def test_a_candidate_is_put_on_the_list_of_the_cluster_that_accepts(
    cora: TestClient, otto: TestClient, challenge: Challenge, other: Organisation, session: Session
) -> None:
    organisation = make_organisation(name="Cell Works")
    match = make_match(challenge, organisation)
    target = make_challenge(curating_cluster=other, title="Second life for batteries")
    path = f"/challenges/{challenge.id}/matches/{match.id}/refer"
    assert "Second life for batteries (Battery Cluster)" in cora.get(path).text
    assert cora.post(path, data={"target": str(challenge.id), "note": WHY}).status_code == 422

    assert cora.post(path, data={"target": str(target.id), "note": WHY}).status_code == 303
    [referral] = session.scalars(select(Referral))
    assert otto.post(f"/referrals/{referral.id}", data={"answer": "accept"}).status_code == 303

    listed = session.scalars(select(Match).where(Match.challenge_id == target.id)).one()
    assert (listed.state, listed.origin) == (MatchState.KEPT, Origin.CLUSTER)
    assert (listed.note, listed.added_by_name) == (WHY, "Cora, Maritime Cluster")


def test_others_neither_see_nor_answer(
    cora: TestClient,
    challenge: Challenge,
    other: Organisation,
    sign_in: SignIn,
    session: Session,
) -> None:
    referral = make_referral(challenge, other)
    path, accept = f"/referrals/{referral.id}", {"answer": "accept"}

    assert cora.get(path).status_code == 200
    assert cora.post(path, data=accept).status_code == 403
    outsider = sign_in(make_member(make_cluster(name="Third")))
    assert [outsider.get(path).status_code, outsider.post(path, data=accept).status_code] == [
        404, 404
    ]  # fmt: skip
    session.refresh(referral)
    assert referral.state is ReferralState.PROPOSED


# --- recommendations


@pytest.mark.parametrize("state", [None, *MatchState])
def test_somebody_comes_forward_whatever_the_list_says(
    state: MatchState | None,
    challenge: Challenge,
    cora: TestClient,
    sign_in: SignIn,
    session: Session,
) -> None:
    organisation = make_organisation(name="Quay Plug")
    browser = sign_in(make_member(organisation, user=make_user(name="Noor")))
    if state:
        make_match(challenge, organisation, state=state)
    path = f"/challenges/{challenge.id}/recommend"
    assert "Quay Plug" in browser.get(path).text
    fields = {"organisation_id": str(organisation.id), "note": "Three berths in Kiel since 2028."}

    answer = browser.post(path, data=fields)

    assert answer.headers["location"] == f"/challenges/{challenge.id}"
    match = session.scalars(select(Match).where(Match.challenge_id == challenge.id)).one()
    assert match.state is (state or MatchState.ADDED)
    if state is None:
        assert (match.origin, match.note) == (Origin.SELF, fields["note"])
    assert "Three berths in Kiel since 2028." in cora.get(f"/challenges/{challenge.id}").text
    assert "Three berths" not in browser.get(f"/challenges/{challenge.id}").text


def test_a_scout_keeps_the_credit(
    challenge: Challenge, cora: TestClient, sign_in: SignIn, session: Session
) -> None:
    organisation = make_organisation(name="Hidden Gem")
    scout = sign_in(make_member(make_organisation(name="Nosy Ltd"), user=make_user(name="Sam")))
    path = f"/challenges/{challenge.id}/recommend"
    assert "Hidden Gem" in scout.get(f"{path}?q=gem").text
    missing = scout.post(path, data={"organisation_id": str(organisation.id), "note": ""})
    assert missing.status_code == 422

    fields = {"organisation_id": str(organisation.id), "note": "Saw it run in Lyon."}
    assert scout.post(path, data=fields).status_code == 303

    match = session.scalars(select(Match).where(Match.challenge_id == challenge.id)).one()
    assert (match.origin, match.added_by_name) == (Origin.SCOUT, "Sam, Nosy Ltd")
    text = words_of(cora, f"/challenges/{challenge.id}")
    assert "Hidden Gem : Recommended Sam, Nosy Ltd" in text


@pytest.mark.parametrize("who", ["owner", "unverified", "cluster"])
def test_some_cannot_be_recommended(
    who: str, challenge: Challenge, home: Organisation, sign_in: SignIn, session: Session
) -> None:
    organisation_id = {"owner": challenge.owner_id, "cluster": home.id}.get(who)
    if organisation_id is None:
        organisation_id = make_organisation(is_verified=False).id
    fields = {"organisation_id": str(organisation_id), "note": "Try them."}

    browser = sign_in(make_user())

    assert browser.post(f"/challenges/{challenge.id}/recommend", data=fields).status_code == 404
    assert session.scalars(select(Referral)).all() == []


def test_a_closed_challenge_takes_no_recommendations(
    home: Organisation, sign_in: SignIn, session: Session
) -> None:
    closed = make_challenge(curating_cluster=home, state=ChallengeState.CLOSED)
    fields = {"organisation_id": str(make_organisation().id), "note": "Too late?"}

    browser = sign_in(make_user())

    assert browser.post(f"/challenges/{closed.id}/recommend", data=fields).status_code == 409
    assert session.scalars(select(Referral)).all() == []


@pytest.mark.parametrize("source", list(ReferralState))
@pytest.mark.parametrize("target", list(ReferralState))
@pytest.mark.parametrize("mover", list(Mover))
def test_square(source: ReferralState, target: ReferralState, mover: Mover) -> None:
    answers = {ReferralState.ACCEPTED, ReferralState.DECLINED}
    expected = source is ReferralState.PROPOSED and target in answers and mover is Mover.CURATOR

    assert MACHINE.allows(source, target, mover) is expected
