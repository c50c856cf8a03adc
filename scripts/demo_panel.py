"""The demo's panel: who evaluated, a declared conflict, locked scores, a released shortlist."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core import journal
from app.core.journal import By
from app.evaluations.models import (
    Conflict,
    Discussion,
    Evaluator,
    EvaluatorState,
    Score,
    ScoreSheet,
)
from app.organisations.models import Organisation
from app.responses.models import ReadingBar, Response, ResponseState
from app.reviews.models import Decision, Feedback, Outcome
from scripts.demo_people import acting_for
from scripts.demo_records import Line

TOLD = json.loads((Path(__file__).with_name("demo_data") / "sample_panel.json").read_text("utf-8"))
STATES = ChallengeState
RELEASED_AGO, RELEASED_AFTER = timedelta(days=2), timedelta(days=5)


CHALLENGE, EVALUATOR = TOLD["challenge"], TOLD["evaluators"][0]["email"]


def add_panels(session: Session, challenges: Mapping[str, Challenge], *, now: datetime) -> None:
    """Add a panel to the challenge that is told of, and somebody to those yet to be published."""
    add_panel(session, challenges[CHALLENGE], now=now)
    evaluator = session.scalars(select(User).where(User.email == EVALUATOR)).one()
    for challenge in challenges.values():
        if challenge.state is STATES.IN_REVIEW:
            _bar(session, challenge, evaluator, now)
            session.add(
                Evaluator(
                    challenge_id=challenge.id, user=evaluator, proposed_at=now, proposed_by_name=""
                )
            )


def add_panel(session: Session, challenge: Challenge, *, now: datetime) -> None:
    """Add the panel of one closed challenge, its scores, and the shortlist that came of them."""
    begun, released = now - RELEASED_AGO - RELEASED_AFTER, now - RELEASED_AGO
    owner = session.get_one(Organisation, challenge.owner_id)
    by = acting_for(session, owner)
    panel = [_evaluator(session, line, challenge, by, begun) for line in TOLD["evaluators"]]
    scoring = [each for each in panel if each.state is EvaluatorState.DONE]
    answers = _answers(session, challenge)
    for slug, sheets in TOLD["sheets"].items():
        for evaluator, points in zip(scoring, sheets, strict=True):
            session.add(_sheet(evaluator, answers[slug], challenge, points, begun))
    for slug, text in TOLD["discussion"].items():
        name = scoring[0].user.name
        session.add(
            Discussion(
                response_id=answers[slug].id, text=text, recorded_at=begun, recorded_by_name=name
            )
        )
    for slug, line in TOLD["decisions"].items():
        _decide(session, answers[slug], challenge, line, by, released)
    for target, at in ((STATES.EVALUATING, begun), (STATES.SHORTLISTED, released)):
        _tell(session, challenge, target, by, at)


def _evaluator(
    session: Session, line: Line, challenge: Challenge, by: By, at: datetime
) -> Evaluator:
    conflict = Conflict(line["conflict"]) if "conflict" in line else None
    user = _person(session, line, at)
    if conflict:
        _bar(session, challenge, user, at)
    evaluator = Evaluator(
        challenge_id=challenge.id,
        user=user,
        state=EvaluatorState.RECUSED if conflict else EvaluatorState.DONE,
        proposed_at=at,
        proposed_by_name=by.name,
        declared_at=at,
        recusal=conflict,
    )
    session.add(evaluator)
    session.flush()
    return evaluator


def _person(session: Session, line: Line, at: datetime) -> User:
    """Return who a visitor can sign in as, or somebody with the same password."""
    known = {user.email: user for user in session.scalars(select(User))}
    if line["email"] in known:
        return known[line["email"]]
    user = User(
        email=line["email"],
        name=line["name"],
        locale="de",
        password_hash=known[EVALUATOR].password_hash,
        created_at=at,
        email_confirmed_at=at,
    )
    session.add(user)
    session.flush()
    return user


def _bar(session: Session, challenge: Challenge, user: User, at: datetime) -> None:
    session.add(ReadingBar(challenge_id=challenge.id, user_id=user.id, created_at=at))


def _answers(session: Session, challenge: Challenge) -> Mapping[str, Response]:
    statement = select(Organisation.slug, Response).join(
        Response, Response.organisation_id == Organisation.id
    )
    rows = session.execute(statement.where(Response.challenge_id == challenge.id))
    return {slug: response for slug, response in rows}  # noqa: C416 -- dict() of rows has no type


def _sheet(
    evaluator: Evaluator,
    response: Response,
    challenge: Challenge,
    points: list[tuple[int, str]],
    at: datetime,
) -> ScoreSheet:
    given = zip(challenge.criteria, points, strict=True)
    return ScoreSheet(
        evaluator_id=evaluator.id,
        response_id=response.id,
        saved_at=at,
        locked_at=at,
        scores=[
            Score(criterion_id=criterion.id, points=number, comment=comment)
            for criterion, (number, comment) in given
        ],
    )


def _decide(
    session: Session, response: Response, challenge: Challenge, line: Line, by: By, at: datetime
) -> None:
    outcome = Outcome(line["outcome"])
    owed = zip(challenge.main_criteria, line["feedback"], strict=True)
    decision = Decision(
        response_id=response.id,
        outcome=outcome,
        reason=line["reason"],
        strengths="",
        gaps="",
        feedback=[Feedback(criterion_id=c.id, strength=good, gap=gap) for c, (good, gap) in owed],
        prepared_by_name=by.name,
        prepared_at=at,
        released_at=at,
    )
    session.add(decision)
    for target in (ResponseState.SCREENING, ResponseState.ELIGIBLE, ResponseState.IN_EVALUATION):
        _tell(session, response, target, by, at - RELEASED_AFTER)
    _tell(session, response, outcome.state, by, at)


def _tell(
    session: Session, subject: Challenge | Response, target: Any, by: By, at: datetime
) -> None:
    """Write that something was moved, and move it."""
    name = subject.__tablename__.removesuffix("s")
    source = subject.state
    journal.record(
        session, subject, f"{name}.{target}", by=by, at=at, from_state=source, to_state=target
    )
    subject.state = target
