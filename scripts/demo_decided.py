"""The demo's decisions: two challenges that ended, and one that waits for the region."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.challenges.actions import plan_watching
from app.challenges.models import Challenge, ChallengeState, Ending
from app.core import journal
from app.core.journal import TIMER, By, Subject
from app.organisations.models import Organisation
from app.responses.models import Response, ResponseState
from app.reviews.models import Decision, Feedback, Outcome
from scripts import demo_records
from scripts.demo_people import acting_for
from scripts.demo_records import Line, moment

PREPARED_AGO = timedelta(days=3)
WAIVED = "Zwei Antworten, beide vom Fachbereich gelesen: Ein Gremium hätte nichts hinzugefügt."
S, R = ChallengeState, ResponseState
Organisations = Mapping[str, Organisation]


def add_decided(
    session: Session, lines: Iterable[Line], organisations: Organisations, *, now: datetime
) -> None:
    """Add each challenge with its answers, their decisions and what the journal says of them."""
    for line in lines:
        about = line["challenge"]
        owner = organisations[about["owner"]]
        cluster = organisations[about["curating_cluster"]]
        challenge = demo_records.sample_challenge(about, owner=owner, cluster=cluster, now=now)
        challenge.decided_at = _moment_of(line, "decided_in_days", now)
        challenge.ended_at = _moment_of(line, "ended_in_days", now)
        challenge.ending = Ending(line["ending"]) if line["ending"] else None
        session.add(challenge)
        session.flush()
        by = acting_for(session, owner)
        _begin(session, challenge, by)
        for answer in line["answers"]:
            _answer(session, challenge, answer, organisations, by, now)
        _end(session, challenge, line["account"], by, now)


def _moment_of(line: Line, name: str, now: datetime) -> datetime | None:
    return None if line[name] is None else moment(now, line[name])


def _begin(session: Session, challenge: Challenge, by: By) -> None:
    assert challenge.closed_at is not None  # noqa: S101 -- every line of the file has closed
    _tell(session, challenge, "challenge.open", TIMER, challenge.opened_at)
    _tell(session, challenge, "challenge.closed", TIMER, challenge.closed_at)
    begun = challenge.closed_at + timedelta(days=4)
    _tell(session, challenge, "challenge.evaluating", by, begun)
    journal.record(session, challenge, "challenge.reviews_waived", by=by, at=begun, reason=WAIVED)


def _answer(
    session: Session,
    challenge: Challenge,
    line: Line,
    organisations: Organisations,
    by: By,
    now: datetime,
) -> None:
    responder = organisations[line["response"]["organisation"]]
    response = demo_records.response(
        {**line["response"], "state": R.IN_EVALUATION},
        challenge=challenge, organisation=responder, now=now,
    )  # fmt: skip
    session.add(response)
    session.flush()
    _tell(session, response, "response.submitted", acting_for(session, responder),
          response.submitted_at)  # fmt: skip
    decision = _decision(challenge, response, line["decision"], by, now)
    session.add(decision)
    session.flush()
    journal.record(session, decision, "decision.prepared", by=by, at=decision.prepared_at)
    if decision.released_at is None:
        return
    _settle(session, response, decision.outcome.state, by, decision.released_at, decision.reason)
    if decision.outcome is Outcome.SELECTED:
        own, at = acting_for(session, responder), decision.released_at + timedelta(days=2)
        _settle(session, response, R.ACCEPTED, own, at)


def _decision(
    challenge: Challenge, response: Response, line: Line, by: By, now: datetime
) -> Decision:
    owed = zip(challenge.main_criteria, line["feedback"], strict=True)
    return Decision(
        response_id=response.id,
        outcome=Outcome(line["outcome"]),
        reason=line["reason"],
        strengths="",
        gaps="",
        feedback=[Feedback(criterion_id=c.id, strength=good, gap=gap) for c, (good, gap) in owed],
        prepared_by_name=by.name,
        prepared_at=(challenge.decided_at or now) - PREPARED_AGO,
        released_at=challenge.decided_at,
    )


def _settle(
    session: Session, response: Response, to: ResponseState, by: By, at: datetime, reason: str = ""
) -> None:
    _tell(session, response, f"response.{to}", by, at, reason=reason)
    setattr(response, "state", to)  # noqa: B010 -- the demo begins in the middle


def _end(session: Session, challenge: Challenge, account: str, by: By, now: datetime) -> None:
    _tell(session, challenge, "challenge.decided", by, challenge.decided_at)
    _tell(session, challenge, "challenge.completed", by, challenge.ended_at, reason=account)
    if challenge.state is S.EVALUATING:
        at = now - PREPARED_AGO
        journal.record(session, challenge, "challenge.signature_wanted", by=by, at=at)
        plan_watching(session, challenge, at=now)


def _tell(
    session: Session, subject: Subject, action: str, by: By, at: datetime | None, reason: str = ""
) -> None:
    if at is not None:
        to = action.partition(".")[2]
        journal.record(session, subject, action, by=by, at=at, to_state=to, reason=reason)
