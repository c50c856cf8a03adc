"""Keep, drop, undo, move, note and add: what the curator does to the machine's list."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.job_runner import JobRunner
from app.core.jobs import Job
from app.core.journal import Event
from app.matches.models import EVIDENCE_WANTED, INVITED_STATES, DropReason, Match, MatchState
from app.organisations.models import MemberRole, Organisation
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match, make_match_run
from tests.factories.people import (
    join_cluster,
    make_cluster,
    make_member,
    make_organisation,
    make_user,
)
from tests.factories.profiles import make_passage

SignIn = Callable[[User], TestClient]
ACTIONS = {
    "keep": {},
    "undo": {},
    "move": {"direction": "up"},
    "note": {"note": "Close to the berth."},
    "drop": {"reason": "wrong_scale"},
}


def press(browser: TestClient, match: Match, what: str, **data: str) -> int:
    status: int = post(browser, match, what, **data).status_code
    return status


def post(browser: TestClient, match: Match, what: str, **data: str) -> Any:
    fields = {"version": str(match.version), **data}
    return browser.post(f"/challenges/{match.challenge_id}/matches/{match.id}/{what}", data=fields)


def order(browser: TestClient, challenge: Challenge) -> list[str]:
    text = browser.get(f"/challenges/{challenge.id}/shortlist").text
    return re.findall(r'<h3 id="m\d+-h"><a[^>]*>([^<]+)', text)


# --- who may


@pytest.mark.parametrize("what", sorted(ACTIONS))
def test_only_curators_may(
    what: str,
    client: TestClient,
    sign_in: SignIn,
    challenge: Challenge,
    cluster: Organisation,
    session: Session,
) -> None:
    match = make_match(challenge)
    owner = session.get_one(Organisation, challenge.owner_id)
    reader = sign_in(make_member(cluster, role=MemberRole.READER))

    assert press(client, match, what, **ACTIONS[what]) == 401
    for user in (make_member(make_cluster()), make_member(owner)):
        assert press(sign_in(user), match, what, **ACTIONS[what]) == 404
    assert press(reader, match, what, **ACTIONS[what]) == 403
    session.refresh(match)
    assert match.state is MatchState.SUGGESTED


def test_the_region_may(sign_in: SignIn, challenge: Challenge, session: Session) -> None:
    match = make_match(challenge)

    assert press(sign_in(make_user(is_regional_developer=True)), match, "keep") == 303

    session.refresh(match)
    assert match.state is MatchState.KEPT


def test_a_match_of_another_challenge_is_not_found(
    curator: TestClient, challenge: Challenge
) -> None:
    foreign = make_match()

    answer = curator.post(
        f"/challenges/{challenge.id}/matches/{foreign.id}/keep", data={"version": "1"}
    )

    assert answer.status_code == 404


@pytest.mark.parametrize("what", ["keep", "drop", "note", "move"])
def test_after_the_close_the_list_stands(
    what: str, curator: TestClient, cluster: Organisation, session: Session
) -> None:
    closed = make_challenge(curating_cluster=cluster, state=ChallengeState.CLOSED)
    state = MatchState.SUGGESTED if what in {"keep", "drop"} else MatchState.KEPT
    match = make_match(closed, state=state)

    assert press(curator, match, what, **ACTIONS[what]) == 409

    session.refresh(match)
    assert (match.state, match.note) == (state, "")


@pytest.mark.parametrize("state", sorted(INVITED_STATES))
def test_an_invitation_cannot_be_dropped(
    state: MatchState, curator: TestClient, challenge: Challenge
) -> None:
    assert press(curator, make_match(challenge, state=state), "drop", reason="conflict") == 409


# --- keep, drop, undo


def test_kept_ones_stand_in_the_order_of_keeping(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    first, second = (make_match(challenge, make_organisation(name=name)) for name in "AB")

    press(curator, second, "keep")
    answer = post(curator, first, "keep", back=f"/challenges/{challenge.id}/matches?kind=startup")

    assert answer.headers["location"] == f"/challenges/{challenge.id}/matches?kind=startup"
    assert order(curator, challenge) == ["B", "A"]
    event = session.scalars(select(Event).where(Event.subject_id == first.id)).one()
    assert (event.action, event.user_name) == ("match.kept", "Cora Curator")
    assert event.organisation_name == "Maritime Cluster"


def test_the_way_back_stays_on_this_site(curator: TestClient, challenge: Challenge) -> None:
    match = make_match(challenge)

    answer = post(curator, match, "keep", back="//evil.example/")

    assert answer.headers["location"] == f"/challenges/{challenge.id}/shortlist#m{match.id}"


def test_a_drop_says_why(curator: TestClient, challenge: Challenge, session: Session) -> None:
    match = make_match(challenge, make_organisation(name="Berth Electric"))
    page = curator.get(f"/challenges/{challenge.id}/matches/{match.id}/drop?back=/challenges")
    assert "Why is Berth Electric not a fit?" in page.text

    answer = post(curator, match, "drop", reason="wrong_scale", note="One boat", back="/challenges")

    assert answer.headers["location"] == "/challenges"
    session.refresh(match)
    assert (match.state, match.drop_reason) == (MatchState.DROPPED, DropReason.WRONG_SCALE)
    reason = session.scalars(select(Event.reason)).one()
    assert reason == "Wrong scale: One boat"
    text = curator.get(f"/challenges/{challenge.id}/shortlist").text
    assert "Wrong scale: One boat" in text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Choose why it is not a fit."),
        ({"reason": "bad taste"}, "choose one of the options"),
        ({"reason": "other"}, "Say in your words why it is not a fit."),
        ({"reason": "other", "note": "x" * 1001}, "use at most 1000 characters"),
    ],
)
def test_a_drop_without_a_reason_is_refused(
    data: dict[str, str],
    message: str,
    curator: TestClient,
    challenge: Challenge,
    session: Session,
) -> None:
    match = make_match(challenge)

    answer = post(curator, match, "drop", **data)

    assert answer.status_code == 422
    assert message in answer.text
    assert "<title>Error:" in answer.text
    session.refresh(match)
    assert match.state is MatchState.SUGGESTED


@pytest.mark.parametrize("state", [MatchState.KEPT, MatchState.DROPPED])
@pytest.mark.parametrize(
    ("added_by", "origin"), [("", MatchState.SUGGESTED), ("Ada", MatchState.ADDED)]
)
def test_undo_leads_back_to_where_it_came_from(
    state: MatchState,
    added_by: str,
    origin: MatchState,
    curator: TestClient,
    challenge: Challenge,
    session: Session,
) -> None:
    match = make_match(challenge, state=state)
    match.added_by_name = added_by
    session.commit()

    assert press(curator, match, "undo") == 303

    session.refresh(match)
    assert (match.state, match.position, match.drop_reason) == (origin, None, None)


# --- move


def test_up_and_down(curator: TestClient, challenge: Challenge, session: Session) -> None:
    matches = [make_match(challenge, make_organisation(name=name)) for name in "ABC"]
    for match in matches:
        press(curator, match, "keep")
        session.refresh(match)

    press(curator, matches[2], "move", direction="up")
    assert order(curator, challenge) == ["A", "C", "B"]

    press(curator, matches[0], "move", direction="down")
    # A's page was older than its version is now: the swap with C changed neither A nor B.
    assert order(curator, challenge) == ["C", "A", "B"]


@pytest.mark.parametrize(
    ("moved", "direction", "steps", "becomes"),
    [
        (3, "up", 3, "DABC"), (3, "up", 2, "ADBC"), (0, "down", 2, "BCAD"),
        (1, "down", 1000, "ACDB"), (2, "up", 1000, "CABD"),
    ],
)  # fmt: skip
def test_dragging_moves_past_several(
    moved: int, direction: str, steps: int, becomes: str,
    curator: TestClient, challenge: Challenge, session: Session,
) -> None:  # fmt: skip
    matches = [make_match(challenge, make_organisation(name=name)) for name in "ABCD"]
    for match in matches:
        press(curator, match, "keep")
        session.refresh(match)

    press(curator, matches[moved], "move", direction=direction, steps=str(steps))

    assert "".join(order(curator, challenge)) == becomes
    moves = select(Event.action, Event.subject_id).where(Event.action.like("match.moved%"))
    assert session.execute(moves).all() == [(f"match.moved_{direction}", matches[moved].id)]


@pytest.mark.parametrize("steps", ["0", "-1", "1001", "many"])
def test_no_other_number_of_places_is_taken(
    steps: str, curator: TestClient, challenge: Challenge, session: Session
) -> None:
    matches = [make_match(challenge, make_organisation(name=name)) for name in "AB"]
    for match in matches:
        press(curator, match, "keep")
        session.refresh(match)

    assert press(curator, matches[1], "move", direction="up", steps=steps) == 422
    assert order(curator, challenge) == ["A", "B"]


def test_at_the_ends_nothing_moves(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    match = make_match(challenge, make_organisation(name="A"), state=MatchState.KEPT)

    assert press(curator, match, "move", direction="up") == 303
    assert press(curator, match, "move", direction="down") == 303
    assert press(curator, match, "move", direction="sideways") == 422
    assert session.scalars(select(Event)).all() == []


def test_invited_ones_stay_where_they_are(curator: TestClient, challenge: Challenge) -> None:
    assert (
        press(curator, make_match(challenge, state=MatchState.SENT), "move", direction="up") == 409
    )


# --- two curators at once


@pytest.mark.parametrize("what", ["keep", "move", "undo"])
def test_the_second_of_two_buttons_is_told_what_the_first_did(
    what: str, curator: TestClient, challenge: Challenge, session: Session
) -> None:
    match = make_match(challenge, state=MatchState.KEPT)
    seen_version = str(match.version)
    press(curator, match, "note", note="Has a crane.")

    answer = post(curator, match, what, version=seen_version, **ACTIONS[what])

    assert answer.status_code == 409
    assert "Somebody changed this match while you were looking at it." in answer.text
    assert "Cora Curator" in answer.text


def test_the_second_note_is_not_lost(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    match = make_match(challenge, state=MatchState.KEPT)
    assert press(curator, match, "note", note="Has a crane.") == 303

    answer = post(curator, match, "note", note="Has no crane.")

    assert answer.status_code == 409
    assert ">Has no crane.</textarea>" in answer.text
    assert "Stored now:" in answer.text
    assert "“Has a crane.”" in answer.text
    session.refresh(match)
    assert match.note == "Has a crane."
    assert f'name="version" value="{match.version}"' in answer.text, "so that it can be sent again"


def test_the_second_drop_shows_both(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    match = make_match(challenge)
    assert press(curator, match, "keep") == 303

    answer = post(curator, match, "drop", reason="other", note="They closed.")

    assert answer.status_code == 409
    assert "It is now “On the shortlist”." in answer.text
    assert ">They closed.</textarea>" in answer.text
    session.refresh(match)
    assert match.state is MatchState.KEPT


# --- add by hand


def test_an_organisation_is_found_by_name(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    owner = session.get_one(Organisation, challenge.owner_id)
    owner.name = "Port of Berths"
    make_organisation(name="Berth Electric")
    make_organisation(name="Berth Nobody", is_verified=False)
    make_organisation(name="Bakery")
    session.commit()

    text = curator.get(f"/challenges/{challenge.id}/shortlist/add?q=berth").text

    assert "Berth Electric" in text
    for absent in ("Port of Berths", "Berth Nobody", "Bakery"):
        assert absent not in text
    assert (
        "No verified organisation"
        in curator.get(f"/challenges/{challenge.id}/shortlist/add?q=%25").text
    )


def add(curator: TestClient, challenge: Challenge, organisation: Organisation, note: str) -> Any:
    return curator.post(
        f"/challenges/{challenge.id}/shortlist/add",
        data={"organisation_id": str(organisation.id), "note": note, "q": organisation.name},
    )


def test_added_by_hand_with_note_and_evidence(
    curator: TestClient, challenge: Challenge, session: Session, runner: JobRunner
) -> None:
    make_match_run(challenge).need = {}
    organisation = make_organisation(name="Berth Electric")
    make_passage(organisation)
    curator.post(f"/challenges/{challenge.id}/matches/run")

    assert add(curator, challenge, organisation, "They did it in Oslo.").status_code == 303

    match = session.scalars(select(Match)).one()
    assert (match.state, match.note) == (MatchState.KEPT, "They did it in Oslo.")
    assert (match.added_by_name, match.position) == ("Cora Curator", 1)
    actions = session.scalars(select(Event.action).order_by(Event.id)).all()
    assert actions == ["match.added", "match.kept"]
    runner.drain()
    session.refresh(match)
    assert match.candidate_id is not None
    text = curator.get(f"/challenges/{challenge.id}/shortlist").text
    assert "They did it in Oslo." in text


def test_evidence_is_asked_of_the_worker_when_the_run_has_none(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    make_match_run(challenge)
    organisation = make_organisation()

    add(curator, challenge, organisation, "They did it in Oslo.")

    job = session.scalars(select(Job).where(Job.kind == EVIDENCE_WANTED)).one()
    assert job.payload == {"challenge_id": challenge.id, "organisation_id": organisation.id}


def test_a_suggestion_is_kept_instead_of_added_twice(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    organisation = make_organisation()
    match = make_match(challenge, organisation)

    assert add(curator, challenge, organisation, "I know them.").status_code == 303

    session.refresh(match)
    assert (match.state, match.added_by_name) == (MatchState.KEPT, "")


def test_who_is_listed_already_is_said_so(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    organisation = make_organisation(name="Berth Electric")
    make_match(challenge, organisation, state=MatchState.SENT)

    answer = add(curator, challenge, organisation, "I know them.")

    assert answer.status_code == 422
    assert "Berth Electric is on the shortlist already." in answer.text
    assert ">I know them.</textarea>" in answer.text


def test_adding_needs_a_note_and_an_organisation(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    answer = add(curator, challenge, make_organisation(name="Berth"), "")
    assert answer.status_code == 422
    assert "Say why you add this organisation" in answer.text

    answer = curator.post(f"/challenges/{challenge.id}/shortlist/add", data={"note": "x"})
    assert "Choose the organisation you want to add." in answer.text
    assert session.scalars(select(Match)).all() == []


def test_neither_the_owner_nor_the_unverified_can_be_added(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    owner = session.get_one(Organisation, challenge.owner_id)
    unverified = make_organisation(is_verified=False)

    for organisation in (owner, unverified):
        assert add(curator, challenge, organisation, "Why not").status_code == 404
    assert session.scalars(select(Match)).all() == []


def test_others_cannot_add(client: TestClient, sign_in: SignIn, challenge: Challenge) -> None:
    path = f"/challenges/{challenge.id}/shortlist/add"

    assert client.get(path).status_code == 303
    assert sign_in(make_member()).get(path).status_code == 404
    assert sign_in(make_member()).post(path).status_code == 404


# --- the page


def test_the_own_member_share_stands_against_the_pool(
    curator: TestClient, challenge: Challenge, cluster: Organisation
) -> None:
    run = make_match_run(challenge)
    members = [make_organisation() for _ in range(2)]
    for member in members:
        join_cluster(member, cluster)
    make_match(challenge, members[0], run=run, rank=1, state=MatchState.KEPT)
    make_match(challenge, members[1], run=run, rank=2)
    make_match(challenge, run=run, rank=3)

    text = curator.get(f"/challenges/{challenge.id}/shortlist").text

    assert "Members of Maritime Cluster" in text
    for figures in ("1 of 1 (100%)", "2 of 3 (67%)", "0 of 0 (0%)"):
        assert figures in text
    assert "2 suggestions are neither kept nor left out." in text


def test_an_empty_list_says_what_to_do(curator: TestClient, challenge: Challenge) -> None:
    assert "Nobody is on the list yet" in curator.get(f"/challenges/{challenge.id}/shortlist").text


def test_the_owner_side_sees_who_was_invited_and_no_more(
    sign_in: SignIn, challenge: Challenge, session: Session
) -> None:
    owner = session.get_one(Organisation, challenge.owner_id)
    browser = sign_in(make_member(owner, role=MemberRole.READER))
    path = f"/challenges/{challenge.id}/shortlist"
    make_match(challenge, make_organisation(name="Only kept"), state=MatchState.KEPT)
    assert "Nobody is invited yet" in browser.get(path).text

    invited = make_organisation(name="Berth Electric")
    match = make_match(challenge, invited, state=MatchState.DECLINED)
    match.decline_reason = "Too small for us"
    session.commit()
    text = browser.get(path).text

    assert "Berth Electric" in text
    assert "Not for them" in text
    assert "We build <mark>shore power</mark> connections." in text
    for hidden in ("Only kept", "Too small for us", "machine’s list", "Take off the list"):
        assert hidden not in text


def test_others_find_no_shortlist(
    client: TestClient, sign_in: SignIn, challenge: Challenge, session: Session
) -> None:
    invited = make_organisation()
    make_match(challenge, invited, state=MatchState.SENT)
    path = f"/challenges/{challenge.id}/shortlist"

    assert client.get(path).status_code == 303
    for user in (make_member(invited), make_member(make_cluster())):
        assert sign_in(user).get(path).status_code == 404
    assert sign_in(make_member(invited)).get("/challenges/4711/shortlist").status_code == 404
