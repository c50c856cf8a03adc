"""The whole square of every state machine: each state, each move and act, each role and none.

What is allowed writes one event, which says it all; what is refused writes none.

The tables below are the law, written a second time and by hand: ``from > to: roles`` for a move,
``state + name: roles`` for an act that leaves the state as it is, ``!`` where the role owes a
reason, ``|`` between states to which the same applies.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.challenges.models import MACHINE as CHALLENGE
from app.challenges.models import ChallengeState
from app.core.database import Base
from app.core.journal import By, Event
from app.core.labels import LabelledEnum
from app.core.state_machine import ActRefused, Mover, MoveRefused, ReasonMissing, StateMachine
from app.evaluations.models import MACHINE as EVALUATOR
from app.evaluations.models import EvaluatorState
from app.matches.models import MACHINE as MATCH
from app.matches.models import MatchState
from app.pilots.models import MACHINE as PILOT
from app.pilots.models import PilotState
from app.profiles.models import IMPORT_MACHINE as IMPORT
from app.profiles.models import ImportState
from app.redirections.models import MACHINE as PROPOSAL
from app.redirections.models import ProposalState
from app.referrals.models import MACHINE as REFERRAL
from app.referrals.models import ReferralState
from app.responses.models import MACHINE as RESPONSE
from app.responses.models import PARTNER_MACHINE as PARTNER
from app.responses.models import PartnerState, ResponseState
from tests.conftest import NOON

BEFORE_DECISION = "draft|in_review|changes_requested|scheduled|open|closed|evaluating|shortlisted"
UNDER_WAY = "submitted|screening|more_info|eligible|in_evaluation|shortlisted"
IN_THE_RUNNING = (
    f"{UNDER_WAY}|ineligible|not_shortlisted|selected|reserve|not_selected|acknowledged|accepted|refused"
    "|piloting|completed"
)
TABLES: Mapping[str, tuple[StateMachine[Any], type[LabelledEnum], str]] = {
    "challenge": (CHALLENGE, ChallengeState, f"""
        draft|changes_requested > in_review: owner
        in_review > changes_requested: curator! region!
        in_review > declined: region!
        in_review > scheduled: curator region
        scheduled > open: timer region
        open > closed: timer owner! region!
        closed > open: region!
        closed > evaluating: owner curator
        evaluating > shortlisted: owner
        evaluating|shortlisted > decided: owner
        decided > piloting: timer
        closed|decided > completed: owner!
        piloting > completed: timer
        {BEFORE_DECISION} > cancelled: owner! region!
        completed|cancelled|declined > archived: timer region
        open + extended: owner! region!
        open + amended: owner curator region
        open + clarified: owner curator region
        evaluating + shortlist_proposed: owner
        evaluating + shortlist_agreed: curator region
        evaluating + reviews_waived: owner!
        open + round_begun: owner curator
        open + round_released: owner
        closed + feedback_released: owner
    """),
    "match": (MATCH, MatchState, """
        suggested|added|dropped > kept: curator region
        suggested|added|kept > dropped: curator! region!
        kept|dropped > suggested: curator region
        kept|dropped > added: curator region
        kept > sent: curator region timer
        sent > seen: responder
        sent|seen|declined > interested: responder
        sent|seen|interested > declined: responder
        sent|seen > expired: timer
        sent|seen|interested|declined > converted: responder
        kept|sent|seen|interested > recalled: curator! region!
    """),
    "response": (RESPONSE, ResponseState, f"""
        draft|withdrawn > submitted: responder
        {UNDER_WAY}|ineligible > withdrawn: responder
        submitted > screening: timer
        screening > more_info: owner! curator!
        more_info > screening: responder timer
        screening > eligible: owner curator
        screening > ineligible: owner!
        eligible > in_evaluation: owner curator
        in_evaluation > shortlisted: owner
        in_evaluation > not_shortlisted: owner!
        in_evaluation|shortlisted > selected: owner!
        in_evaluation|shortlisted > reserve: owner!
        in_evaluation|shortlisted > not_selected: owner!
        submitted > acknowledged: owner!
        selected > accepted: responder
        selected > refused: responder! timer!
        reserve > selected: timer
        accepted > piloting: timer
        piloting > completed: timer
        {UNDER_WAY}|not_shortlisted|reserve|not_selected|acknowledged > redirected: responder
        {IN_THE_RUNNING} > disqualified: region!
        {IN_THE_RUNNING} + disqualification_opened: region!
        {IN_THE_RUNNING} + disqualification_answered: responder
        {IN_THE_RUNNING} + disqualification_lifted: region!
    """),
    "partner": (PARTNER, PartnerState, """
        invited > signed: responder
        invited|signed > declined: responder
        signed|declined > invited: responder
    """),
    "evaluator": (EVALUATOR, EvaluatorState, """
        proposed > active: evaluator
        proposed|active > recused: owner! curator! evaluator! timer!
        done > recused: evaluator! timer!
        active > done: evaluator timer
        done > active: timer
        active|done + declared: evaluator
    """),
    "pilot": (PILOT, PilotState, """
        draft > agreed: owner responder
        agreed > draft: owner responder
        agreed > running: timer
        running > reported: responder
        reported > running: owner!
        reported > completed: owner!
        draft|agreed|running|reported > stopped: owner! responder!
        draft|agreed > stopped: timer!
        draft + sheet_changed: owner responder
        draft + signed: owner responder
        running + measured: owner responder
        running + interim_reported: responder
        running + extension_proposed: owner! responder!
        running + extended: owner! responder!
        running + extension_declined: owner! responder!
        draft|agreed|running|reported|completed|stopped + publicity_changed: owner responder
    """),
    "proposal": (PROPOSAL, ProposalState, """
        proposed > accepted: responder
        proposed > declined: responder
    """),
    "referral": (REFERRAL, ReferralState, """
        proposed > accepted: curator
        proposed > declined: curator!
    """),
    "import": (IMPORT, ImportState, """
        previewed > imported: curator responder
        previewed > discarded: curator responder
    """),
}  # fmt: skip


def read(table: str) -> Mapping[tuple[str, str, str], bool]:
    """Return whether a reason is owed, by state, what is done, and role."""
    told: dict[tuple[str, str, str], bool] = {}
    for line in filter(None, map(str.strip, table.splitlines())):
        left, _, roles = line.partition(": ")
        states, _, step = left.split(" ")
        for state, role in product(states.split("|"), roles.split()):
            told[state, step, role.rstrip("!")] = role.endswith("!")
    return told


class Row:
    """Something with a state."""

    __tablename__ = "rows_of_a_square"

    def __init__(self, state: LabelledEnum) -> None:
        self.id, self.state = 1, state


SQUARES = {name: read(table) for name, (_, _, table) in TABLES.items()}
ROLES = (*Mover, None)
CASES = [
    pytest.param(name, state, role, id=f"{name}-{state}-{role or 'nobody'}")
    for name, (_, states, _) in TABLES.items()
    for state, role in product(states, ROLES)
]


@pytest.fixture(scope="module")
def journal_only() -> Iterator[Session]:
    """A session on a database that holds a journal and nothing else; nothing is stored in it."""
    engine = create_engine("sqlite://")
    Base.metadata.tables["events"].create(engine)
    with Session(engine, autoflush=False) as session:
        yield session
        session.rollback()
    engine.dispose()


@pytest.mark.parametrize(("name", "state", "role"), CASES)
def test_square(journal_only: Session, name: str, state: LabelledEnum, role: Mover | None) -> None:
    machine, states, _ = TABLES[name]

    def tried(step: str, reason: str) -> tuple[str, list[tuple[str, str, str, str]]]:
        row, how = Row(state), dict[str, Any](mover=role, by=By(), at=NOON, reason=reason)
        journal_only.expunge_all()
        try:
            if step in set(states):
                machine.move(journal_only, row, to=states(step), **how)
            else:
                machine.act(journal_only, row, step, **how)
        except (MoveRefused, ActRefused):
            return "refused", written()
        except ReasonMissing:
            return "owes a reason", written()
        return str(row.state), written()

    def written() -> list[tuple[str, str, str, str]]:
        events = [event for event in journal_only.new if isinstance(event, Event)]
        return [(e.action, e.from_state, e.to_state, e.reason) for e in events]

    for step in {*states, *machine.steps}:
        owes = SQUARES[name].get((state, step, role or ""))
        is_move = step in set(states)
        moved = (str(state), step) if is_move else ("", "")

        def done(reason: str, *, step: str = step, moved: tuple[str, str] = moved) -> object:
            return moved[1] or str(state), [(f"{machine.name}.{step}", *moved, reason)]

        refused: object = ("refused", [])
        with_reason = refused if owes is None else done("Because.")
        without = ("owes a reason", []) if owes else refused if owes is None else done(" ")
        assert (step, tried(step, "Because."), tried(step, " ")) == (step, with_reason, without)


def test_no_machine_is_left_out() -> None:
    written = [
        path
        for path in Path("app").rglob("*.py")
        for _ in range(path.read_text().count(": StateMachine["))
        if path.parts[1] != "core"
    ]

    assert len(TABLES) == len(written)


def test_every_table_names_states_and_acts_that_there_are() -> None:
    for name, (machine, states, _) in TABLES.items():
        known = {*map(str, states), *machine.steps}
        for state, step, role in SQUARES[name]:
            assert (state in set(states), step in known, role in set(Mover)) == (True,) * 3, name
