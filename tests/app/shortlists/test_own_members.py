"""The share of own members: shown, flagged from a threshold on, explained, co-signed."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.journal import Event
from app.matches.models import Match, MatchState
from app.matches.policy import MemberShare
from app.organisations.models import ClusterMembership, Organisation
from app.shortlists.models import CoSignature, ShareReason, ShortlistVersion
from app.shortlists.policy import Shares
from tests.conftest import NOON, FakeClock
from tests.factories import save
from tests.factories.casts import Cast, make_cast
from tests.factories.matches import make_match
from tests.factories.people import join_cluster, make_organisation
from tests.factories.profiles import make_passage

SignIn = Callable[[User], TestClient]
REASON = "Only they have such a berth."


def make_pool(challenge: Challenge, cluster: Organisation, *, own: int, others: int) -> list[Match]:
    """Return kept matches with members of the cluster, in a pool with as many others."""
    kept = []
    for number in range(own + others):
        organisation = make_organisation()
        make_passage(organisation)
        if number < own:
            join_cluster(organisation, cluster)
            kept.append(make_match(challenge, organisation, state=MatchState.KEPT))
    return kept


def send(browser: TestClient, challenge: Challenge, kept: list[Match], reason: str = "") -> int:
    fields = {"match_id": [str(match.id) for match in kept], "share_reason": reason}
    return browser.post(f"/challenges/{challenge.id}/shortlist/send", data=fields).status_code


def state_of(session: Session, match: Match) -> str:
    session.refresh(match)
    return str(match.state)


def test_a_flagged_list_is_sent_only_with_a_reason(
    curator: TestClient, challenge: Challenge, cluster: Organisation, session: Session
) -> None:
    kept = make_pool(challenge, cluster, own=3, others=3)
    page = curator.get(f"/challenges/{challenge.id}/shortlist").text
    assert "Conspicuous" in page
    assert "Own members are 100% of this list, but only 50% of those who may answer" in page
    assert "3 of 6 (50%)" in page

    assert send(curator, challenge, kept) == 422
    assert state_of(session, kept[0]) == "kept"
    assert session.scalars(select(ShareReason)).all() == []

    assert send(curator, challenge, kept, REASON) == 303
    assert state_of(session, kept[0]) == "sent"
    [given] = session.scalars(select(ShareReason))
    assert (given.reason, given.given_by_name) == (REASON, "Cora Curator")
    figures = (given.listed_members, given.listed_total, given.pool_members, given.pool_total)
    assert figures == (3, 3, 3, 6)
    told = select(Event).where(Event.action == "shortlist.share_explained")
    assert [event.reason for event in session.scalars(told)] == [REASON]
    assert REASON in curator.get(f"/challenges/{challenge.id}/shortlist").text


def test_a_sent_list_keeps_the_shares_of_its_moment(
    curator: TestClient, challenge: Challenge, cluster: Organisation, session: Session
) -> None:
    kept = make_pool(challenge, cluster, own=3, others=2)
    assert send(curator, challenge, kept, REASON) == 303
    path = f"/challenges/{challenge.id}"
    before = curator.get(f"{path}/shortlist/versions/1/data").content
    for match in kept:
        join_cluster(make_organisation(), cluster)  # the cluster grows, and so does the pool
        make_passage(make_organisation())
        session.execute(
            delete(ClusterMembership).where(ClusterMembership.member_id == match.organisation_id)
        )
    session.commit()

    [version] = session.scalars(select(ShortlistVersion))
    [filed] = curator.get(f"{path}/file.json").json()["lists"]
    shown = curator.get(f"/api/v1{path}/shortlist/versions/1").json()

    figures = (version.listed_members, version.listed_total, version.pool_members)
    assert (*figures, version.pool_total) == (3, 3, 3, 5)
    for told in (filed, shown):
        assert told["own_members"] == {"members": 3, "total": 3}
        assert told["own_members_in_pool"] == {"members": 3, "total": 5}
    assert "3 of 5 (60%)" in curator.get(f"{path}/file").text
    assert (
        "3 of 5 among those who could answer (60%)"
        in curator.get(f"{path}/shortlist/versions/1").text
    )
    assert curator.get(f"{path}/shortlist/versions/1/data").content == before
    exported = json.loads(before)
    assert exported["format"] == "quaylink-shortlist/2"
    assert exported["own_members"] == {
        "listed": {"members": 3, "total": 3}, "pool": {"members": 3, "total": 5},
    }  # fmt: skip


def test_a_list_from_before_shares_were_kept_stays_as_it_was(
    curator: TestClient, challenge: Challenge
) -> None:
    save(
        ShortlistVersion(
            challenge_id=challenge.id, number=1, run_id=None, created_at=NOON,
            created_by_name="Cora", entries=[], dropped=[],
        )
    )  # fmt: skip

    data = curator.get(f"/challenges/{challenge.id}/shortlist/versions/1/data").json()
    [filed] = curator.get(f"/challenges/{challenge.id}/file.json").json()["lists"]

    assert set(data) == {
        "format", "challenge", "version", "run", "sent_at", "sent_by", "listed", "left_out",
    }  # fmt: skip
    assert data["format"] == "quaylink-shortlist/1"
    assert (filed["own_members"], filed["own_members_in_pool"]) == (None, None)


def test_a_usual_list_needs_no_reason(
    curator: TestClient, challenge: Challenge, cluster: Organisation, session: Session
) -> None:
    kept = make_pool(challenge, cluster, own=3, others=0)
    assert "Conspicuous" not in curator.get(f"/challenges/{challenge.id}/shortlist").text

    assert send(curator, challenge, kept, REASON) == 303
    assert session.scalars(select(ShareReason)).all() == []


@pytest.mark.parametrize(
    ("listed", "pool", "is_flagged"),
    [
        ((3, 4), (50, 100), False),  # exactly 25 points more
        ((4, 5), (50, 100), True),
        ((2, 2), (1, 100), False),  # too few to say anything
        ((3, 3), (1, 100), True),
        ((5, 10), (50, 100), False),
        ((1, 10), (90, 100), False),
        ((3, 3), (0, 0), False),
    ],
)
def test_from_when_a_list_is_flagged(
    listed: tuple[int, int], pool: tuple[int, int], *, is_flagged: bool
) -> None:
    shares = Shares(Organisation(), MemberShare(*listed), MemberShare(*pool), None)

    assert shares.is_flagged is is_flagged


# --- the region's signature


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(state=ChallengeState.EVALUATING)


def flag(challenge: Challenge) -> None:
    save(
        ShareReason(
            challenge_id=challenge.id,
            reason=REASON,
            listed_members=3,
            listed_total=3,
            pool_members=3,
            pool_total=9,
            given_at=NOON,
            given_by_name="Cora",
        )
    )


def release(browser: TestClient, cast: Cast) -> int:
    return browser.post(f"/challenges/{cast.challenge.id}/decisions/release").status_code


def test_decisions_on_a_flagged_list_wait_for_the_region(
    cast: Cast, sign_in: SignIn, session: Session, clock: FakeClock
) -> None:
    clock.now = NOON + timedelta(days=60)
    flag(cast.challenge)
    path = f"/challenges/{cast.challenge.id}/cosignature"
    owner = sign_in(cast.owner)
    assert release(owner, cast) == 409
    for user, status in ((cast.curator, 403), (cast.owner, 404), (cast.rival, 404)):
        assert sign_in(user).post(path, data={"note": "Fine."}).status_code == status
    assert release(owner, cast) == 409

    region = sign_in(cast.region)
    assert REASON in region.get(path).text
    assert region.post(path, data={"note": "Seen: nobody else has one."}).status_code == 303

    [signature] = session.scalars(select(CoSignature))
    assert (signature.note, signature.signed_by_name) == (
        "Seen: nobody else has one.",
        cast.region.name,
    )
    assert release(owner, cast) == 303
    session.refresh(cast.challenge)
    assert cast.challenge.state is ChallengeState.DECIDED


def test_nothing_is_signed_where_nothing_was_flagged(
    cast: Cast, sign_in: SignIn, session: Session, clock: FakeClock
) -> None:
    clock.now = NOON + timedelta(days=60)
    path = f"/challenges/{cast.challenge.id}/cosignature"

    assert "No signature is needed" in sign_in(cast.region).get(path).text
    assert sign_in(cast.region).post(path, data={"note": ""}).status_code == 409
    assert session.scalars(select(CoSignature)).all() == []
    assert release(sign_in(cast.owner), cast) == 303
