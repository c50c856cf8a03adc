"""States move along the arrows only, and each move is written down."""

import pytest
from sqlalchemy.orm import Session

from app.challenges.models import Challenge, ChallengeState
from app.core import journal
from app.core.journal import By
from app.core.state_machine import Mover, MoveRefused, ReasonMissing, StateMachine, arrows
from tests.conftest import NOON
from tests.factories.challenges import make_challenge

S = ChallengeState
MACHINE: StateMachine[ChallengeState] = StateMachine(
    "challenge",
    [
        *arrows([S.DRAFT], S.IN_REVIEW, Mover.OWNER),
        *arrows([S.IN_REVIEW], S.DECLINED, Mover.REGION, needs_reason=True),
    ],
)
ADA = By(user_id=None, name="Ada", organisation_id=None, organisation_name="Port")


@pytest.fixture
def challenge(session: Session) -> Challenge:
    return make_challenge(state=S.DRAFT)


def test_a_move_changes_the_state_and_is_written_down(
    session: Session, challenge: Challenge
) -> None:
    MACHINE.move(session, challenge, to=S.IN_REVIEW, mover=Mover.OWNER, by=ADA, at=NOON)

    session.flush()
    event = journal.last_event(session, challenge)
    assert event is not None
    assert challenge.state is S.IN_REVIEW
    assert (event.action, event.from_state, event.to_state) == (
        "challenge.in_review",
        "draft",
        "in_review",
    )
    assert (event.user_name, event.organisation_name, event.at) == ("Ada", "Port", NOON)


@pytest.mark.parametrize(
    ("target", "mover"),
    [(S.IN_REVIEW, Mover.CURATOR), (S.OPEN, Mover.OWNER), (S.DRAFT, Mover.OWNER)],
)
def test_there_is_no_other_arrow(
    session: Session, challenge: Challenge, target: ChallengeState, mover: Mover
) -> None:
    with pytest.raises(MoveRefused):
        MACHINE.move(session, challenge, to=target, mover=mover, by=ADA, at=NOON)

    assert challenge.state is S.DRAFT
    assert journal.history(session, challenge) == []


def test_a_refusal_tells_what_happened_meanwhile(session: Session, challenge: Challenge) -> None:
    MACHINE.move(session, challenge, to=S.IN_REVIEW, mover=Mover.OWNER, by=ADA, at=NOON)

    with pytest.raises(MoveRefused) as refusal:
        MACHINE.move(session, challenge, to=S.IN_REVIEW, mover=Mover.OWNER, by=ADA, at=NOON)

    assert refusal.value.latest is journal.last_event(session, challenge)
    assert refusal.value.words == {"current": "In review", "target": "In review"}


@pytest.mark.parametrize("reason", ["", "  "])
def test_some_arrows_owe_a_reason(session: Session, challenge: Challenge, reason: str) -> None:
    challenge.state = S.IN_REVIEW

    with pytest.raises(ReasonMissing):
        MACHINE.move(
            session, challenge, to=S.DECLINED, mover=Mover.REGION, by=ADA, at=NOON, reason=reason
        )

    assert challenge.state is S.IN_REVIEW
    MACHINE.move(
        session, challenge, to=S.DECLINED, mover=Mover.REGION, by=ADA, at=NOON, reason="Not ours"
    )
    session.flush()
    event = journal.last_event(session, challenge)
    assert event is not None
    assert event.reason == "Not ours"


def test_what_a_role_may_do_can_be_asked_before() -> None:
    assert MACHINE.allows(S.DRAFT, S.IN_REVIEW, Mover.OWNER)
    assert not MACHINE.allows(S.DRAFT, S.IN_REVIEW, Mover.REGION)
    assert MACHINE.needs_reason(S.IN_REVIEW, S.DECLINED)
    assert not MACHINE.needs_reason(S.DRAFT, S.IN_REVIEW)
