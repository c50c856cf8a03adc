"""Every state, act and role: what is possible, and nothing else."""

from datetime import timedelta
from itertools import product

import pytest

from app.challenges.models import Challenge, ChallengeState, Mode
from app.core.state_machine import Mover
from app.steering import policy
from app.steering.policy import Act, Facts
from tests.conftest import NOON

S, OWNER, REGION = ChallengeState, Mover.OWNER, Mover.REGION
POSSIBLE: dict[Act, dict[ChallengeState, set[Mover]]] = {
    Act.OPEN: {S.SCHEDULED: {REGION}},
    Act.EXTEND: {S.OPEN: {OWNER, REGION}},
    Act.CLOSE: {S.OPEN: {OWNER, REGION}},
    Act.REOPEN: {S.CLOSED: {REGION}},
    Act.COMPLETE: {S.CLOSED: {OWNER}, S.DECIDED: {OWNER}},
    Act.CANCEL: {
        state: {OWNER, REGION}
        for state in (
            S.DRAFT, S.IN_REVIEW, S.CHANGES_REQUESTED, S.SCHEDULED,
            S.OPEN, S.CLOSED, S.EVALUATING, S.SHORTLISTED,
        )
    },
    Act.ARCHIVE: {S.COMPLETED: {REGION}, S.CANCELLED: {REGION}, S.DECLINED: {REGION}},
}  # fmt: skip
PEOPLE = [mover for mover in Mover if mover is not Mover.TIMER]


def challenge_in(state: ChallengeState, *, hours_left: float = 100, **values: object) -> Challenge:
    closes_at = NOON + timedelta(hours=hours_left)
    return Challenge(state=state, **{"mode": Mode.DEADLINE, "closes_at": closes_at, **values})


@pytest.mark.parametrize("act", Act)
def test_square(act: Act) -> None:
    possible = {(s, who) for s, who in product(S, PEOPLE) if policy.is_possible(act, s, who)}

    assert possible == {(s, who) for s, movers in POSSIBLE[act].items() for who in movers}


@pytest.mark.parametrize(
    ("act", "challenge", "mover", "facts", "is_free"),
    [
        (Act.EXTEND, challenge_in(S.OPEN, hours_left=48), OWNER, {}, True),
        (Act.EXTEND, challenge_in(S.OPEN, hours_left=47.99), OWNER, {}, False),
        (Act.EXTEND, challenge_in(S.OPEN, hours_left=47.99), REGION, {}, True),
        (Act.EXTEND, challenge_in(S.OPEN, hours_left=0), REGION, {}, False),
        (Act.EXTEND, challenge_in(S.OPEN, closes_at=None), OWNER, {}, False),
        (Act.CLOSE, challenge_in(S.OPEN), OWNER, {"drafts": 0}, True),
        (Act.CLOSE, challenge_in(S.OPEN), OWNER, {"drafts": 1}, False),
        (Act.CLOSE, challenge_in(S.OPEN), REGION, {"drafts": 1}, False),
        (Act.CLOSE, challenge_in(S.OPEN, mode=Mode.ROLLING), OWNER, {"drafts": 1}, True),
        (Act.REOPEN, challenge_in(S.CLOSED), REGION, {"is_read": False}, True),
        (Act.REOPEN, challenge_in(S.CLOSED), REGION, {"is_read": True}, False),
        (Act.COMPLETE, challenge_in(S.DECIDED), OWNER, {"unanswered": ()}, True),
        (Act.COMPLETE, challenge_in(S.DECIDED), OWNER, {"unanswered": ("Quay Plug",)}, False),
        (Act.COMPLETE, challenge_in(S.CLOSED), OWNER, {}, False),
        (Act.COMPLETE, challenge_in(S.CLOSED, mode=Mode.CONSULTATION), OWNER, {}, True),
        (
            Act.COMPLETE, challenge_in(S.CLOSED, mode=Mode.CONSULTATION), OWNER,
            {"unanswered": ("Quay Plug",)}, False,
        ),
        (Act.CANCEL, challenge_in(S.OPEN), OWNER, {"drafts": 3}, True),
    ],
)  # fmt: skip
def test_what_else_stands_in_the_way(
    act: Act, challenge: Challenge, mover: Mover, facts: dict[str, int], is_free: object
) -> None:
    found = policy.obstacle(act, challenge, mover, Facts(NOON, **facts))  # type: ignore[arg-type]  # counts and a yes or no

    assert (found is None) is is_free
