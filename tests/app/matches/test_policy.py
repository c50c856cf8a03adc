from itertools import product

import pytest
from sqlalchemy.orm import Session

from app.challenges.models import ChallengeState
from app.core.state_machine import Mover
from app.matches.models import MACHINE, RECALLABLE, Evidence, MatchState
from app.matches.policy import (
    Strength,
    is_bridge,
    may_see_list,
    member_share,
    strength_of,
)
from app.organisations.models import MemberRole, Organisation
from app.organisations.policy import VISITOR
from app.organisations.queries import actor_for
from tests.factories.challenges import make_challenge
from tests.factories.people import make_cluster, make_member, make_user

S = MatchState
CURATOR, RESPONDER, TIMER = "CR", "S", "T"
# Which roles may follow which arrow: curator and region (CR), responder (S), timer (T).
ARROWS = {
    (S.SUGGESTED, S.KEPT): CURATOR,
    (S.SUGGESTED, S.DROPPED): CURATOR,
    (S.ADDED, S.KEPT): CURATOR,
    (S.ADDED, S.DROPPED): CURATOR,
    (S.KEPT, S.DROPPED): CURATOR,
    (S.KEPT, S.SUGGESTED): CURATOR,
    (S.KEPT, S.ADDED): CURATOR,
    (S.KEPT, S.SENT): CURATOR + TIMER,
    **dict.fromkeys(((state, S.RECALLED) for state in RECALLABLE), CURATOR),
    (S.DROPPED, S.KEPT): CURATOR,
    (S.DROPPED, S.SUGGESTED): CURATOR,
    (S.DROPPED, S.ADDED): CURATOR,
    (S.SENT, S.SEEN): RESPONDER,
    (S.SENT, S.INTERESTED): RESPONDER,
    (S.SENT, S.DECLINED): RESPONDER,
    (S.SENT, S.CONVERTED): RESPONDER,
    (S.SENT, S.EXPIRED): TIMER,
    (S.SEEN, S.INTERESTED): RESPONDER,
    (S.SEEN, S.DECLINED): RESPONDER,
    (S.SEEN, S.CONVERTED): RESPONDER,
    (S.SEEN, S.EXPIRED): TIMER,
    (S.INTERESTED, S.DECLINED): RESPONDER,
    (S.INTERESTED, S.CONVERTED): RESPONDER,
    (S.DECLINED, S.INTERESTED): RESPONDER,
    (S.DECLINED, S.CONVERTED): RESPONDER,
}
LETTERS = {Mover.CURATOR: "C", Mover.REGION: "R", Mover.RESPONDER: "S", Mover.TIMER: "T"}


@pytest.mark.parametrize(("source", "target"), list(product(MatchState, MatchState)))
def test_every_pair_of_states(source: MatchState, target: MatchState) -> None:
    allowed = {mover for mover in Mover if MACHINE.allows(source, target, mover)}

    expected = ARROWS.get((source, target), "")
    assert "".join(sorted(LETTERS.get(mover, "O") for mover in allowed)) == expected
    if expected:
        needs_reason = target in {MatchState.DROPPED, MatchState.RECALLED}
        assert MACHINE.needs_reason(source, target) == needs_reason


@pytest.mark.parametrize(
    ("score", "word"),
    [
        (100, Strength.STRONG),
        (74.5, Strength.GOOD),  # shown as 74: Python rounds halves to even
        (74.6, Strength.STRONG),
        (55, Strength.GOOD),
        (54.4, Strength.FAIR),
        (35, Strength.FAIR),
        (34.4, Strength.WEAK),
        (0, Strength.WEAK),
    ],
)
def test_the_word_fits_the_number_that_is_shown(score: float, word: Strength) -> None:
    assert strength_of(score) is word


@pytest.mark.parametrize(
    ("cluster_ids", "curating", "expected"),
    [([2], 1, True), ([1, 2], 1, False), ([], 1, False), ([2], None, False)],
)
def test_a_bridge_leads_to_other_clusters_only(
    cluster_ids: list[int], curating: int | None, *, expected: bool
) -> None:
    assert is_bridge(cluster_ids, curating) is expected


def test_member_share() -> None:
    share = member_share([1, 2, 3], {1, 9})

    assert (share.members, share.total, share.percent) == (1, 3, 33)
    assert member_share([], {1}).percent == 0


def test_who_may_see_a_match_list(session: Session) -> None:
    cluster, other = make_cluster(), make_cluster()
    challenge = make_challenge(curating_cluster=cluster)
    reader = make_member(cluster, role=MemberRole.READER)
    region = make_user(is_regional_developer=True)
    stranger = make_member(other)
    owner = make_member(session.get_one(Organisation, challenge.owner_id))

    assert may_see_list(actor_for(session, reader), challenge)
    assert may_see_list(actor_for(session, region), challenge)
    assert not may_see_list(actor_for(session, stranger), challenge)
    assert not may_see_list(actor_for(session, owner), challenge)
    assert not may_see_list(VISITOR, challenge)


def test_a_draft_has_no_list_for_anybody(session: Session) -> None:
    region = make_user(is_regional_developer=True)
    draft = make_challenge(state=ChallengeState.DRAFT)

    assert not may_see_list(actor_for(session, region), draft)


@pytest.mark.parametrize(
    ("highlights", "expected"),
    [
        ([], [("We build plugs.", False)]),
        ([[3, 8]], [("We ", False), ("build", True), (" plugs.", False)]),
        ([[9, 15], [0, 2]], [("We", True), (" build ", False), ("plugs.", True)]),
        ([[0, 99], [3, 2], [-1, 4]], [("We build plugs.", False)]),  # nonsense marks nothing
        ([[0, 2], [3, 8]], [("We build", True), (" plugs.", False)]),  # neighbours are one
        ([[0, 8], [3, 15]], [("We build", True), (" plugs.", False)]),  # overlap: the first wins
    ],
)
def test_a_quote_is_cut_at_its_highlights(
    highlights: list[list[int]], expected: list[tuple[str, bool]]
) -> None:
    assert Evidence(quote="We build plugs.", highlights=highlights).pieces == expected


def test_only_web_addresses_are_linked() -> None:
    assert Evidence(source_url="https://example.org/report").has_link
    assert not Evidence(source_url="javascript:alert(1)").has_link
