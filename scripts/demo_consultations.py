"""The demo's market consultations: one whose owner still writes its feedback, one that is over."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.challenges.actions import plan_watching
from app.challenges.models import MATCHING_WANTED, Challenge, ChallengeState, Ending, Mode
from app.core import jobs, journal
from app.core.journal import TIMER, By
from app.organisations.models import Organisation
from app.responses.models import Response, ResponseState
from app.reviews.models import Decision, Outcome
from scripts import demo_records
from scripts.demo_people import acting_for
from scripts.demo_records import Line, moment

PREPARED_AGO = timedelta(days=2)
Organisations = Mapping[str, Organisation]


def add_consultations(
    session: Session, lines: Iterable[Line], organisations: Organisations, *, now: datetime
) -> None:
    """Add each consultation with its answers, what the owner takes from them, and the journal."""
    for line in lines:
        about = line["challenge"]
        owner = organisations[about["owner"]]
        challenge = _challenge(line, organisations, now)
        session.add(challenge)
        session.flush()
        by = acting_for(session, owner)
        for action, at in (("open", challenge.opened_at), ("closed", challenge.closed_at)):
            assert at is not None  # noqa: S101 -- every line of the file has closed
            name = f"challenge.{action}"
            journal.record(session, challenge, name, by=TIMER, at=at, to_state=action)
        for answer in line["answers"]:
            _add_answer(session, challenge, answer, organisations, by, now)
        _finish(session, challenge, line["account"], by, now)


def _challenge(line: Line, organisations: Organisations, now: datetime) -> Challenge:
    """Return the consultation; it measures nobody, so it has no criteria."""
    about = line["challenge"]
    owner, cluster = organisations[about["owner"]], organisations[about["curating_cluster"]]
    challenge = demo_records.sample_challenge(about, owner=owner, cluster=cluster, now=now)
    challenge.mode, challenge.criteria = Mode.CONSULTATION, []
    if line["ended_in_days"] is not None:
        challenge.ended_at = moment(now, line["ended_in_days"])
        challenge.ending = Ending.CONSULTED
    return challenge


def _add_answer(
    session: Session,
    challenge: Challenge,
    line: Line,
    organisations: Organisations,
    by: By,
    now: datetime,
) -> None:
    responder = organisations[line["response"]["organisation"]]
    response = demo_records.response(
        line["response"], challenge=challenge, organisation=responder, now=now
    )
    session.add(response)
    session.flush()
    assert response.submitted_at is not None  # noqa: S101 -- every line of the file is handed in
    own = acting_for(session, responder)
    journal.record(
        session, response, "response.submitted", by=own, at=response.submitted_at,
        from_state=ResponseState.DRAFT, to_state=ResponseState.SUBMITTED,
    )  # fmt: skip
    if line["taken"]:
        _give_feedback(session, challenge, response, line["taken"], by, now)


def _give_feedback(
    session: Session, challenge: Challenge, response: Response, words: str, by: By, now: datetime
) -> None:
    """Write what the owner takes from an answer: told when it is over, else only prepared."""
    told_at = challenge.ended_at
    decision = Decision(
        response_id=response.id,
        outcome=Outcome.ACKNOWLEDGED,
        reason=words,
        strengths="",
        gaps="",
        feedback=[],
        prepared_by_name=by.name,
        prepared_at=(told_at or now) - PREPARED_AGO,
        released_at=told_at,
    )
    session.add(decision)
    session.flush()
    journal.record(session, decision, "decision.prepared", by=by, at=decision.prepared_at)
    if told_at is not None:
        to = ResponseState.ACKNOWLEDGED
        setattr(response, "state", to)  # noqa: B010 -- the demo begins in the middle
        action = f"response.{to}"
        journal.record(session, response, action, by=by, at=told_at, to_state=to, reason=words)


def _finish(session: Session, challenge: Challenge, account: str, by: By, now: datetime) -> None:
    if challenge.ended_at is None:
        key, payload = f"{MATCHING_WANTED}:{challenge.id}", {"challenge_id": challenge.id}
        jobs.enqueue(session, MATCHING_WANTED, payload, at=now, dedupe_key=key)
        plan_watching(session, challenge, at=now)
        return
    journal.record(session, challenge, "challenge.feedback_released", by=by, at=challenge.ended_at)
    journal.record(
        session, challenge, "challenge.completed", by=by, at=challenge.ended_at,
        to_state=ChallengeState.COMPLETED, reason=account,
    )  # fmt: skip
