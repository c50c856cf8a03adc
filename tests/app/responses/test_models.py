"""The square of states: every arrow there is, and no other; and what a responder may know."""

from itertools import product

import pytest

from app.challenges.models import Challenge, ChallengeState
from app.core.state_machine import Mover
from app.responses.models import MACHINE, Response, ResponseState

S = ResponseState
OWNER, CURATOR = {Mover.OWNER}, {Mover.CURATOR}
REGION, RESPONDER, TIMER = {Mover.REGION}, {Mover.RESPONDER}, {Mover.TIMER}
UNDER_WAY = (S.SUBMITTED, S.SCREENING, S.MORE_INFO, S.ELIGIBLE, S.IN_EVALUATION, S.SHORTLISTED)
NEITHER_DISQUALIFIED = set(S) - {S.DRAFT, S.WITHDRAWN, S.DISQUALIFIED, S.REDIRECTED}

ALLOWED = {
    (S.DRAFT, S.SUBMITTED): RESPONDER,
    (S.WITHDRAWN, S.SUBMITTED): RESPONDER,
    (S.SUBMITTED, S.SCREENING): TIMER,
    (S.SUBMITTED, S.ACKNOWLEDGED): OWNER,
    (S.SCREENING, S.MORE_INFO): OWNER | CURATOR,
    (S.MORE_INFO, S.SCREENING): RESPONDER | TIMER,
    (S.SCREENING, S.ELIGIBLE): OWNER | CURATOR,
    (S.SCREENING, S.INELIGIBLE): OWNER,
    (S.ELIGIBLE, S.IN_EVALUATION): OWNER | CURATOR,
    (S.IN_EVALUATION, S.SHORTLISTED): OWNER,
    (S.IN_EVALUATION, S.NOT_SHORTLISTED): OWNER,
    (S.IN_EVALUATION, S.SELECTED): OWNER,
    (S.IN_EVALUATION, S.RESERVE): OWNER,
    (S.IN_EVALUATION, S.NOT_SELECTED): OWNER,
    (S.SHORTLISTED, S.SELECTED): OWNER,
    (S.SHORTLISTED, S.RESERVE): OWNER,
    (S.SHORTLISTED, S.NOT_SELECTED): OWNER,
    (S.SELECTED, S.ACCEPTED): RESPONDER,
    (S.SELECTED, S.REFUSED): RESPONDER | TIMER,
    (S.RESERVE, S.SELECTED): TIMER,
    (S.ACCEPTED, S.PILOTING): {Mover.TIMER},
    (S.PILOTING, S.COMPLETED): {Mover.TIMER},
    **{(state, S.WITHDRAWN): RESPONDER for state in (*UNDER_WAY, S.INELIGIBLE)},
    **{
        (state, S.REDIRECTED): RESPONDER
        for state in (*UNDER_WAY, S.NOT_SHORTLISTED, S.RESERVE, S.NOT_SELECTED, S.ACKNOWLEDGED)
    },
    **{(state, S.DISQUALIFIED): REGION for state in NEITHER_DISQUALIFIED},
}
OWING_A_REASON = {
    S.MORE_INFO, S.INELIGIBLE, S.NOT_SHORTLISTED, S.SELECTED, S.RESERVE, S.NOT_SELECTED,
    S.REFUSED, S.DISQUALIFIED, S.ACKNOWLEDGED,
}  # fmt: skip


@pytest.mark.parametrize("source", S)
def test_an_answer_moves_only_along_the_known_arrows(source: S) -> None:
    found = {(to, mover) for to, mover in product(S, Mover) if MACHINE.allows(source, to, mover)}

    assert found == {
        (to, who) for (of, to), movers in ALLOWED.items() if of is source for who in movers
    }


def test_reasons_are_owed_for_what_somebody_will_want_explained() -> None:
    owing = {arrow for arrow in ALLOWED if MACHINE.needs_reason(*arrow)}

    moved_up = (S.RESERVE, S.SELECTED)
    assert owing == {arrow for arrow in ALLOWED if arrow[1] in OWING_A_REASON} - {moved_up}


@pytest.mark.parametrize(
    ("challenge_state", "expected"),
    [
        (ChallengeState.CLOSED, S.SCREENING),
        (ChallengeState.EVALUATING, S.IN_EVALUATION),
        (ChallengeState.DECIDED, S.INELIGIBLE),
    ],
)
def test_how_far_it_got_is_told_with_the_release(
    challenge_state: ChallengeState, expected: ResponseState
) -> None:
    response = Response(state=S.INELIGIBLE, challenge=Challenge(state=challenge_state))

    assert response.told_state is expected


@pytest.mark.parametrize("state", sorted(set(S) - {S.ELIGIBLE, S.INELIGIBLE, S.IN_EVALUATION}))
def test_all_other_states_are_no_secret(state: ResponseState) -> None:
    response = Response(state=state, challenge=Challenge(state=ChallengeState.CLOSED))

    assert response.told_state is state
