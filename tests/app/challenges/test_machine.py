"""The whole square of the challenge's states: every arrow there is, and every one there is not."""

from itertools import product

import pytest
from sqlalchemy.orm import Session

from app.challenges.models import MACHINE, Challenge, ChallengeState
from app.core import journal
from app.core.journal import By
from app.core.state_machine import Mover, MoveRefused, ReasonMissing
from tests.conftest import NOON
from tests.factories.challenges import make_challenge

S = ChallengeState
ARROWS: dict[tuple[ChallengeState, ChallengeState], set[Mover]] = {
    (S.DRAFT, S.IN_REVIEW): {Mover.OWNER},
    (S.CHANGES_REQUESTED, S.IN_REVIEW): {Mover.OWNER},
    (S.IN_REVIEW, S.CHANGES_REQUESTED): {Mover.CURATOR, Mover.REGION},
    (S.IN_REVIEW, S.DECLINED): {Mover.REGION},
    (S.IN_REVIEW, S.SCHEDULED): {Mover.CURATOR, Mover.REGION},
    (S.SCHEDULED, S.OPEN): {Mover.TIMER, Mover.REGION},
    (S.OPEN, S.CLOSED): {Mover.TIMER},
    (S.CLOSED, S.EVALUATING): {Mover.OWNER, Mover.CURATOR},
    (S.EVALUATING, S.DECIDED): {Mover.OWNER},
}
OWE_A_REASON = {(S.IN_REVIEW, S.CHANGES_REQUESTED), (S.IN_REVIEW, S.DECLINED)}


def move(
    session: Session, challenge: Challenge, target: ChallengeState, mover: Mover, reason: str = ""
) -> None:
    by = By(name="Ada Example")
    MACHINE.move(session, challenge, to=target, mover=mover, by=by, at=NOON, reason=reason)


@pytest.mark.parametrize(("source", "target", "mover"), list(product(S, S, Mover)))
def test_square(source: ChallengeState, target: ChallengeState, mover: Mover) -> None:
    is_arrow = mover in ARROWS.get((source, target), set())

    assert MACHINE.allows(source, target, mover) is is_arrow


@pytest.mark.parametrize(("source", "target"), list(ARROWS))
def test_every_arrow_moves_and_is_written_down(
    session: Session, source: ChallengeState, target: ChallengeState
) -> None:
    for mover in ARROWS[source, target]:
        challenge = make_challenge(state=source)

        move(session, challenge, target, mover, reason="Because.")

        (event,) = journal.history(session, challenge)
        assert challenge.state is target
        assert (event.action, event.from_state, event.to_state, event.user_name, event.at) == (
            f"challenge.{target}",
            source,
            target,
            "Ada Example",
            NOON,
        )


@pytest.mark.parametrize("source", S)
def test_no_other_move_happens(session: Session, source: ChallengeState) -> None:
    challenge = make_challenge(state=source)

    for target, mover in product(S, Mover):
        if mover not in ARROWS.get((source, target), set()):
            with pytest.raises(MoveRefused):
                move(session, challenge, target, mover, reason="Because.")

    assert challenge.state is source
    assert journal.history(session, challenge) == []


@pytest.mark.parametrize(("source", "target"), list(ARROWS))
def test_some_arrows_owe_people_a_reason(
    session: Session, source: ChallengeState, target: ChallengeState
) -> None:
    challenge = make_challenge(state=source)
    mover = min(ARROWS[source, target])

    if (source, target) in OWE_A_REASON:
        with pytest.raises(ReasonMissing):
            move(session, challenge, target, mover, reason="  ")
        assert challenge.state is source
    else:
        move(session, challenge, target, mover)
        assert challenge.state is target
