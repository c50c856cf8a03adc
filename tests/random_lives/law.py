"""What must hold after whatever anybody did, and whenever."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.challenges.models import Challenge, ChallengeState
from app.core.journal import Event
from app.core.journal_check import check
from app.core.labels import LabelledEnum
from app.evaluations.models import Evaluator
from app.matches.models import Match
from app.pilots.models import Pilot
from app.responses.models import AWAITING_DECISION, Response
from app.reviews.models import Decision
from app.screenings.models import Objection
from tests.app.test_squares import SQUARES

MACHINES: dict[str, tuple[str, type[Any]]] = {
    "challenges": ("challenge", Challenge), "matches": ("match", Match),
    "responses": ("response", Response), "evaluators": ("evaluator", Evaluator),
    "pilots": ("pilot", Pilot),
}  # fmt: skip
"""Machine and model by table."""
ARROWS = {(name, state, step) for name, square in SQUARES.items() for state, step, _ in square}
ALWAYS_OWED = {
    (name, *arrow)
    for name, square in SQUARES.items()
    for arrow in {(state, step) for state, step, _ in square}
    if all(owed for key, owed in square.items() if key[:2] == arrow)
}
"""Arrows for which every role owes a reason."""
C = ChallengeState
AFTER_DECISION = frozenset({C.DECIDED, C.PILOTING, C.COMPLETED})
States = dict[tuple[str, int], str]


def states(session: Session) -> States:
    """Return the state of every row that has one, by table and id."""
    return {
        (table, row_id): str(state)
        for table, (_, model) in MACHINES.items()
        for row_id, state in session.execute(select(model.id, model.state))
    }


def newest_event(session: Session) -> int:
    """Return the id of the last event, 0 before the first."""
    return session.scalar(select(Event.id).order_by(Event.id.desc()).limit(1)) or 0


def events_since(session: Session, last: int) -> Sequence[Event]:
    """Return what was written after an event, in its order."""
    return session.scalars(select(Event).where(Event.id > last).order_by(Event.id)).all()


def follow(known: States, events: Sequence[Event]) -> States:
    """Return the states that the journal tells, arrow by arrow; none is skipped, none invented."""
    told = dict(known)
    for event in events:
        if not event.to_state:
            continue
        key = (event.subject_kind, event.subject_id)
        machine = MACHINES.get(event.subject_kind, ("",))[0]
        arrow = (machine, event.from_state, event.to_state)
        if not machine:
            continue
        assert arrow in ARROWS, f"no such arrow: {arrow}"
        assert arrow not in ALWAYS_OWED or event.reason.strip(), f"without a reason: {arrow}"
        assert told.get(key, event.from_state) == event.from_state, f"skipped: {arrow}"
        told[key] = event.to_state
    return told


def check_deadline(events: Sequence[Event], closes_at: datetime, now: datetime) -> None:
    """Make sure that answers came in before the deadline, and the timer closed after it.

    :param closes_at: as it was before these events
    """
    for event in events:
        assert event.at == now, "an event of another moment"
        if event.action == "response.submitted":
            assert now < closes_at, f"handed in at {now}, closed since {closes_at}"
        if event.action == "challenge.closed" and event.user_id is None:
            assert now >= closes_at, f"closed by itself at {now}, open until {closes_at}"


def check_rows(session: Session) -> None:
    """Make sure that every answer gets one decision a stage, complete, and none ends in silence."""
    decisions = session.scalars(
        select(Decision)
        .options(selectinload(Decision.feedback))
        .execution_options(populate_existing=True)
    ).all()
    assert len({(each.response_id, each.stage) for each in decisions}) == len(decisions)
    for decision in decisions:
        if decision.released_at is not None:
            assert decision.reason.strip(), "a decision without a reason"
            assert any(each.strength.strip() and each.gap.strip() for each in decision.feedback)
    for challenge in session.scalars(select(Challenge)):
        if challenge.state in AFTER_DECISION:
            assert list(_silent(session, challenge, decisions)) == []


def _silent(
    session: Session, challenge: Challenge, decisions: Sequence[Decision]
) -> Iterator[Response]:
    told = {each.response_id for each in decisions if each.released_at is not None}
    objected = set(session.scalars(select(Objection.response_id)))
    for response in session.scalars(select(Response).where(Response.submitted_at.is_not(None))):
        is_excluded = response.state in {"disqualified", "redirected", "withdrawn"}
        is_told = response.id in told or (
            response.state == "ineligible" and response.id in objected
        )
        if response.state in AWAITING_DECISION or not (is_told or is_excluded):
            yield response


def check_journal(session: Session) -> None:
    """Make sure that the chain holds."""
    assert check(session).findings == []


def as_stored(state: LabelledEnum) -> str:
    """Return a state as the database and the journal write it."""
    return state.value


def moment(challenge: Challenge) -> datetime:
    """Return until when a challenge takes answers; without a deadline for ever."""
    return challenge.closes_at or datetime.max.replace(tzinfo=UTC)
