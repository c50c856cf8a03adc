"""The square of states: every arrow there is, and no other."""

from itertools import product

import pytest

from app.core.state_machine import Mover
from app.responses.models import DECIDED_STATES, MACHINE, ResponseState

S = ResponseState
ALLOWED = {
    (S.DRAFT, S.SUBMITTED): {Mover.RESPONDER},
    (S.WITHDRAWN, S.SUBMITTED): {Mover.RESPONDER},
    (S.SUBMITTED, S.WITHDRAWN): {Mover.RESPONDER},
    (S.SUBMITTED, S.IN_EVALUATION): {Mover.OWNER, Mover.CURATOR},
    (S.IN_EVALUATION, S.SELECTED): {Mover.OWNER},
    (S.IN_EVALUATION, S.RESERVE): {Mover.OWNER},
    (S.IN_EVALUATION, S.NOT_SELECTED): {Mover.OWNER},
}


@pytest.mark.parametrize(("source", "target"), [*product(S, S)])
def test_an_answer_moves_only_along_the_known_arrows(source: S, target: S) -> None:
    movers = {mover for mover in Mover if MACHINE.allows(source, target, mover)}

    assert movers == ALLOWED.get((source, target), set())


def test_every_decision_owes_a_reason_and_nothing_else_does() -> None:
    owing = {target for source, target in ALLOWED if MACHINE.needs_reason(source, target)}

    assert owing == DECIDED_STATES
