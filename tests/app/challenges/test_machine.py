"""The whole square of the challenge's states: every arrow there is, and every one there is not."""

from contextlib import suppress
from itertools import product

import pytest
from sqlalchemy.orm import Session

from app.challenges.models import MACHINE, Challenge, ChallengeState
from app.core import journal
from app.core.journal import By
from app.core.state_machine import ActRefused, Mover, MoveRefused, ReasonMissing
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
    (S.OPEN, S.CLOSED): {Mover.TIMER, Mover.OWNER, Mover.REGION},
    (S.CLOSED, S.OPEN): {Mover.REGION},
    (S.CLOSED, S.EVALUATING): {Mover.OWNER, Mover.CURATOR},
    (S.CLOSED, S.COMPLETED): {Mover.OWNER},
    (S.EVALUATING, S.SHORTLISTED): {Mover.OWNER},
    (S.EVALUATING, S.DECIDED): {Mover.OWNER},
    (S.SHORTLISTED, S.DECIDED): {Mover.OWNER},
    (S.DECIDED, S.PILOTING): {Mover.TIMER},
    (S.DECIDED, S.COMPLETED): {Mover.OWNER},
    (S.PILOTING, S.COMPLETED): {Mover.TIMER},
    (S.DRAFT, S.CANCELLED): {Mover.OWNER, Mover.REGION},
    (S.IN_REVIEW, S.CANCELLED): {Mover.OWNER, Mover.REGION},
    (S.CHANGES_REQUESTED, S.CANCELLED): {Mover.OWNER, Mover.REGION},
    (S.SCHEDULED, S.CANCELLED): {Mover.OWNER, Mover.REGION},
    (S.OPEN, S.CANCELLED): {Mover.OWNER, Mover.REGION},
    (S.CLOSED, S.CANCELLED): {Mover.OWNER, Mover.REGION},
    (S.EVALUATING, S.CANCELLED): {Mover.OWNER, Mover.REGION},
    (S.SHORTLISTED, S.CANCELLED): {Mover.OWNER, Mover.REGION},
    (S.COMPLETED, S.ARCHIVED): {Mover.TIMER, Mover.REGION},
    (S.CANCELLED, S.ARCHIVED): {Mover.TIMER, Mover.REGION},
    (S.DECLINED, S.ARCHIVED): {Mover.TIMER, Mover.REGION},
}
ALWAYS = {Mover.OWNER, Mover.CURATOR, Mover.REGION}
OWE_A_REASON = {
    (S.IN_REVIEW, S.CHANGES_REQUESTED): ALWAYS,
    (S.IN_REVIEW, S.DECLINED): ALWAYS,
    (S.OPEN, S.CLOSED): {Mover.OWNER, Mover.REGION},
    (S.CLOSED, S.OPEN): ALWAYS,
    (S.CLOSED, S.COMPLETED): ALWAYS,
    (S.DECIDED, S.COMPLETED): ALWAYS,
    **{(source, S.CANCELLED): ALWAYS for source in S},
}
ACTS = {
    "extended": ({S.OPEN}, {Mover.OWNER, Mover.REGION}),
    "clarified": ({S.OPEN}, {Mover.OWNER, Mover.CURATOR, Mover.REGION}),
    "amended": ({S.OPEN}, {Mover.OWNER, Mover.CURATOR, Mover.REGION}),
    "shortlist_proposed": ({S.EVALUATING}, {Mover.OWNER}),
    "shortlist_agreed": ({S.EVALUATING}, {Mover.CURATOR, Mover.REGION}),
    "reviews_waived": ({S.EVALUATING}, {Mover.OWNER}),
    "round_begun": ({S.OPEN}, {Mover.OWNER, Mover.CURATOR}),
    "round_released": ({S.OPEN}, {Mover.OWNER}),
    "feedback_released": ({S.CLOSED}, {Mover.OWNER}),
}


def move(
    session: Session, challenge: Challenge, target: ChallengeState, mover: Mover, reason: str = ""
) -> None:
    by = By(name="Ada Example")
    MACHINE.move(session, challenge, to=target, mover=mover, by=by, at=NOON, reason=reason)


@pytest.mark.parametrize("source", S)
def test_square(source: ChallengeState) -> None:
    allowed = {(to, mover) for to, mover in product(S, Mover) if MACHINE.allows(source, to, mover)}

    assert allowed == {
        (to, who) for (of, to), movers in ARROWS.items() if of is source for who in movers
    }


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
    for mover in ARROWS[source, target]:
        challenge = make_challenge(state=source)

        if mover in OWE_A_REASON.get((source, target), set()):
            with pytest.raises(ReasonMissing):
                move(session, challenge, target, mover, reason="  ")
            assert challenge.state is source
        else:
            move(session, challenge, target, mover)
            assert challenge.state is target


@pytest.mark.parametrize("state", S)
def test_square_of_acts_that_keep_the_state(session: Session, state: ChallengeState) -> None:
    challenge, by, done = make_challenge(state=state), By(name="Ada Example"), []

    for act, mover in product(ACTS, Mover):
        with suppress(ActRefused):
            MACHINE.act(session, challenge, act, mover=mover, by=by, at=NOON, reason="Because.")
            done.append((act, mover))
        assert challenge.state is state

    assert set(done) == {
        (a, m) for a, (in_, movers) in ACTS.items() if state in in_ for m in movers
    }
    written = [event.action for event in journal.history(session, challenge)]
    assert written[::-1] == [f"challenge.{act}" for act, _ in done]


def test_an_extension_owes_people_a_reason(session: Session) -> None:
    challenge = make_challenge()

    with pytest.raises(ReasonMissing):
        MACHINE.act(
            session, challenge, "extended", mover=Mover.OWNER, by=By(name="Ada"), at=NOON, reason=""
        )

    assert journal.history(session, challenge) == []
