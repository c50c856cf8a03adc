"""The whole square of a pilot's states, and everything that can be done in each."""

from itertools import product

import pytest
from sqlalchemy.orm import Session

from app.core import journal
from app.core.journal import By
from app.core.state_machine import ActRefused, Mover, MoveRefused, ReasonMissing
from app.pilots.models import MACHINE, Pilot, PilotState
from tests.conftest import NOON
from tests.factories.pilots import make_pilot

S = PilotState
OWNER, RESPONDER, TIMER = {Mover.OWNER}, {Mover.RESPONDER}, {Mover.TIMER}
BOTH = OWNER | RESPONDER
ARROWS = {
    (S.DRAFT, S.AGREED): BOTH,
    (S.AGREED, S.DRAFT): BOTH,
    (S.AGREED, S.RUNNING): TIMER,
    (S.RUNNING, S.REPORTED): RESPONDER,
    (S.REPORTED, S.RUNNING): OWNER,
    (S.REPORTED, S.COMPLETED): OWNER,
    (S.DRAFT, S.STOPPED): BOTH | TIMER,
    (S.AGREED, S.STOPPED): BOTH | TIMER,
    (S.RUNNING, S.STOPPED): BOTH,
    (S.REPORTED, S.STOPPED): BOTH,
}
OWE_A_REASON = {(S.REPORTED, S.RUNNING), (S.REPORTED, S.COMPLETED)} | {
    (source, S.STOPPED) for source in S
}
ACTS = {
    "sheet_changed": ({S.DRAFT}, BOTH),
    "signed": ({S.DRAFT}, BOTH),
    "measured": ({S.RUNNING}, BOTH),
    "interim_reported": ({S.RUNNING}, RESPONDER),
    "extension_proposed": ({S.RUNNING}, BOTH),
    "extended": ({S.RUNNING}, BOTH),
    "extension_declined": ({S.RUNNING}, BOTH),
    "publicity_changed": (set(S), BOTH),
}
WHO = By(name="Ada Example")


def move(session: Session, pilot: Pilot, to: PilotState, mover: Mover, reason: str) -> None:
    MACHINE.move(session, pilot, to=to, mover=mover, by=WHO, at=NOON, reason=reason)


@pytest.mark.parametrize(("source", "target", "mover"), list(product(S, S, Mover)))
def test_square(source: PilotState, target: PilotState, mover: Mover) -> None:
    is_arrow = mover in ARROWS.get((source, target), set())

    assert MACHINE.allows(source, target, mover) is is_arrow
    owes = is_arrow and (source, target) in OWE_A_REASON
    assert MACHINE.needs_reason(source, target, mover) is owes


@pytest.mark.parametrize(("source", "target"), list(ARROWS))
def test_every_arrow_moves_and_is_written_down(
    session: Session, source: PilotState, target: PilotState
) -> None:
    for mover in ARROWS[source, target]:
        pilot = make_pilot(state=source)
        if (source, target) in OWE_A_REASON:
            with pytest.raises(ReasonMissing):
                move(session, pilot, target, mover, " ")
            assert pilot.state is source

        move(session, pilot, target, mover, "Because.")

        (event,) = journal.history(session, pilot)
        assert pilot.state is target
        assert (event.action, event.from_state, event.to_state, event.user_name) == (
            f"pilot.{target}", source, target, "Ada Example",
        )  # fmt: skip


@pytest.mark.parametrize("source", S)
def test_no_other_move_happens(session: Session, source: PilotState) -> None:
    pilot = make_pilot(state=source)

    for target, mover in product(S, Mover):
        if mover not in ARROWS.get((source, target), set()):
            with pytest.raises(MoveRefused):
                move(session, pilot, target, mover, "Because.")

    assert pilot.state is source
    assert journal.history(session, pilot) == []


@pytest.mark.parametrize(("name", "state", "mover"), list(product(ACTS, S, Mover)))
def test_acts(name: str, state: PilotState, mover: Mover) -> None:
    states, movers = ACTS[name]

    assert MACHINE.permits(state, name, mover) is (state in states and mover in movers)


def test_a_refused_act_says_what_it_is_now(session: Session) -> None:
    pilot = make_pilot(state=S.COMPLETED)

    with pytest.raises(ActRefused):
        MACHINE.act(session, pilot, "measured", mover=Mover.OWNER, by=WHO, at=NOON)
