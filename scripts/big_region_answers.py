"""Answers in a made region: with their parts, panels, decisions and pilots."""

from datetime import timedelta
from typing import Any

from app.challenges.models import Challenge, ChallengeState, Criterion, Requirement
from app.evaluations.models import Evaluator, EvaluatorState, Score, ScoreSheet
from app.pilots.models import Indicator, Payment, Pilot, PilotState, Verdict
from app.responses.models import RequirementAnswer, Response, ResponseState, ResponseVersion
from app.reviews.models import Decision, Outcome
from scripts.big_region_rows import PEOPLE, Region, Role

C, R = ChallengeState, ResponseState
STATES = {
    C.OPEN: (R.SUBMITTED, R.SUBMITTED, R.DRAFT),
    C.CLOSED: (R.SCREENING, R.ELIGIBLE, R.SCREENING),
    C.EVALUATING: (R.IN_EVALUATION, R.IN_EVALUATION, R.INELIGIBLE),
    C.SHORTLISTED: (R.SHORTLISTED, R.SHORTLISTED, R.NOT_SHORTLISTED),
    C.DECIDED: (R.SELECTED, R.RESERVE, R.NOT_SELECTED),
    C.PILOTING: (R.PILOTING, R.RESERVE, R.NOT_SELECTED),
    C.COMPLETED: (R.COMPLETED, R.NOT_SELECTED, R.NOT_SELECTED),
    C.ARCHIVED: (R.COMPLETED, R.NOT_SELECTED, R.NOT_SELECTED),
    C.CANCELLED: (R.WITHDRAWN, R.WITHDRAWN, R.WITHDRAWN),
}
"""Of the answers to a challenge, by its state."""
OUTCOMES = {
    R.SHORTLISTED: Outcome.SHORTLISTED, R.NOT_SHORTLISTED: Outcome.NOT_SHORTLISTED,
    R.SELECTED: Outcome.SELECTED, R.PILOTING: Outcome.SELECTED, R.COMPLETED: Outcome.SELECTED,
    R.RESERVE: Outcome.RESERVE, R.NOT_SELECTED: Outcome.NOT_SELECTED,
}  # fmt: skip
JUDGED = frozenset({C.EVALUATING, C.SHORTLISTED, C.DECIDED, C.PILOTING, C.COMPLETED, C.ARCHIVED})
Row = dict[str, Any]


def add_answers(region: Region, challenge_id: int, organisation_ids: list[int]) -> None:
    """Add what these organisations answered to the challenge that was added last."""
    challenge = region.rows.of(Challenge)[challenge_id - 1]
    states = STATES[challenge["state"]]
    found = [
        _add_answer(region, challenge, organisation_id, states[place % len(states)])
        for place, organisation_id in enumerate(organisation_ids)
    ]
    if challenge["state"] in JUDGED:
        _add_panel(region, challenge, found)
    for response in found:
        if response["state"] in OUTCOMES:
            _add_decision(region, response)
        if response["state"] in {R.PILOTING, R.COMPLETED}:
            _add_pilot(region, challenge, response)


def _add_answer(region: Region, challenge: Row, organisation_id: int, state: ResponseState) -> Row:
    moment = min(challenge["opened_at"] + timedelta(days=20), region.now)
    content = {
        "title": region.words.title("en", region.chance),
        "approach": region.words.text("en", region.chance, 5),
        "timeline": region.words.sentence("en", region.chance),
    }
    id_ = region.rows.add(
        Response,
        challenge_id=challenge["id"], organisation_id=organisation_id, state=state, lang="en",
        price_eur=48_000, contact="Somebody", created_at=moment, updated_at=moment,
        submitted_at=None if state is R.DRAFT else moment, **content,
    )  # fmt: skip
    for requirement in region.rows.of(Requirement)[-4:]:
        text = region.words.sentence("en", region.chance)
        region.rows.add(
            RequirementAnswer, response_id=id_, requirement_id=requirement["id"], text=text
        )
    region.rows.add(
        ResponseVersion, response_id=id_, number=1, saved_at=moment, content=content,
        submitted_at=None if state is R.DRAFT else moment,
    )  # fmt: skip
    for step in (R.DRAFT, R.SUBMITTED) if state is not R.DRAFT else (R.DRAFT,):
        action = "response.started" if step is R.DRAFT else "response.submitted"
        region.note(action, "responses", id_, moment, organisation_id, step)
    return region.rows.of(Response)[id_ - 1]


def _add_panel(region: Region, challenge: Row, responses: list[Row]) -> None:
    judges = [person for person in PEOPLE if person.role is Role.EVALUATOR]
    moment, is_on = challenge["closes_at"], challenge["state"] is C.EVALUATING
    criteria = region.rows.of(Criterion)[-3:]
    for person in region.chance.sample(judges, 2):
        evaluator_id = region.rows.add(
            Evaluator,
            challenge_id=challenge["id"], user_id=region.user_ids[person.email],
            state=EvaluatorState.ACTIVE if is_on else EvaluatorState.DONE, proposed_at=moment,
            proposed_by_name="Somebody", declared_at=moment,
        )  # fmt: skip
        for response in responses:
            if response["state"] is R.INELIGIBLE:
                continue
            sheet_id = region.rows.add(
                ScoreSheet, evaluator_id=evaluator_id, response_id=response["id"],
                saved_at=moment, locked_at=None if is_on else moment,
            )  # fmt: skip
            for criterion in criteria:
                points = region.chance.randint(1, 5)
                region.rows.add(
                    Score, sheet_id=sheet_id, criterion_id=criterion["id"], points=points,
                    comment=region.words.sentence("en", region.chance),
                )  # fmt: skip


def _add_decision(region: Region, response: Row) -> None:
    outcome, moment = OUTCOMES[response["state"]], response["submitted_at"] + timedelta(days=18)
    said = [region.words.sentence("en", region.chance) for _ in range(3)]
    region.rows.add(
        Decision,
        response_id=response["id"], outcome=outcome, reason=said[0], strengths=said[1],
        gaps=said[2], reserve_place=1 if outcome is Outcome.RESERVE else None,
        prepared_by_name="Somebody", prepared_at=moment, released_at=moment,
    )  # fmt: skip


def _add_pilot(region: Region, challenge: Row, response: Row) -> None:
    is_over, begun = response["state"] is R.COMPLETED, challenge["decided_at"]
    id_ = region.rows.add(
        Pilot,
        challenge_id=challenge["id"], response_id=response["id"],
        state=PilotState.COMPLETED if is_over else PilotState.RUNNING, lang=challenge["lang"],
        title=challenge["title"], hypothesis=challenge["summary"], place="Hamburg",
        starts_on=begun.date(), ends_on=(begun + timedelta(days=90)).date(), report_months=0,
        payment=Payment.PAID, payment_eur=20_000, verdict=Verdict.SCALE if is_over else None,
        verdict_reason=challenge["summary"] if is_over else "",
        lessons=challenge["summary"] if is_over else "", created_at=begun, updated_at=begun,
        begun_at=begun, reported_at=begun if is_over else None,
        ended_at=challenge["ended_at"],
    )  # fmt: skip
    region.rows.add(
        Indicator, pilot_id=id_, position=1, name="Minutes", unit="min", baseline="30",
        target="10", method="Watch", result="12" if is_over else "", note="",
    )  # fmt: skip
