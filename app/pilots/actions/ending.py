"""The end of a pilot: judged and decided, or stopped early; either way its lessons are public."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.challenges.actions import enqueue_archiving, enqueue_sheets_over
from app.challenges.models import MACHINE as CHALLENGE_MACHINE
from app.challenges.models import ChallengeState
from app.core.errors import DomainError
from app.core.i18n import N_, gettext, speaking
from app.core.journal import TIMER, By
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.organisations.policy import Actor
from app.pilots import emails, queries
from app.pilots.actions.running import require_results
from app.pilots.actions.telling import tell_both, tell_everybody, tell_side
from app.pilots.models import (
    MACHINE,
    Aspect,
    Grade,
    Judgement,
    Pilot,
    PilotState,
    Side,
    Verdict,
)
from app.pilots.policy import EDITABLE_STATES, Seat, can_still_begin
from app.responses.models import MACHINE as RESPONSE_MACHINE
from app.responses.models import ResponseState


class LessonsMissing(DomainError):
    """Whatever has begun ends with something that others can learn from."""

    status_code = 422
    field = "lessons"

    def __init__(self) -> None:
        super().__init__(N_("Write what others can learn from it, above all from what failed."))


@dataclass(frozen=True)
class Conclusion:
    """What the owner makes of a pilot; ``grid`` holds a grade and words for every aspect."""

    grid: Mapping[Aspect, tuple[Grade, str]]
    verdict: Verdict
    reason: str
    lessons: str


def complete(
    session: Session, pilot: Pilot, conclusion: Conclusion, *, by: Actor, outbox: Outbox
) -> None:
    """Judge the reported results and decide; everybody concerned and similar owners are told.

    :raises ResultsMissing: unless every indicator has its result
    :raises LessonsMissing: without lessons
    :raises ReasonMissing: without a reason
    :raises MoveRefused: unless results are reported
    """
    if pilot.state is PilotState.REPORTED:
        require_results(pilot)
        _require_lessons(conclusion.lessons)
    who, at = by.by(pilot.challenge.owner), outbox.now
    to, mover, reason = PilotState.COMPLETED, Side.OWNER.mover, conclusion.reason
    MACHINE.move(session, pilot, to=to, mover=mover, by=who, at=at, reason=reason)
    pilot.judgements = [
        Judgement(aspect=aspect, grade=grade, words=words)
        for aspect, (grade, words) in conclusion.grid.items()
    ]
    pilot.verdict, pilot.verdict_reason = conclusion.verdict, reason
    pilot.lessons, pilot.ended_at = conclusion.lessons, at
    _end_what_it_belongs_to(session, pilot, who, outbox)
    tell_everybody(session, pilot, outbox, emails.completed, emails.lessons)


def stop(session: Session, seat: Seat, *, reason: str, lessons: str, outbox: Outbox) -> None:
    """End a pilot before its time. One that has begun owes its lessons.

    :raises LessonsMissing: if it has begun and nothing is said about them
    :raises ReasonMissing: without a reason
    :raises MoveRefused: if it is over already
    """
    pilot, at, to = seat.pilot, outbox.now, PilotState.STOPPED
    mover, by = seat.mover, seat.by
    has_begun = pilot.begun_at is not None
    if has_begun and MACHINE.allows(pilot.state, to, mover):
        _require_lessons(lessons)
    MACHINE.move(session, pilot, to=to, mover=mover, by=by, at=at, reason=reason)
    pilot.verdict_reason, pilot.lessons, pilot.ended_at = reason, lessons, at
    if has_begun:
        pilot.verdict = Verdict.STOP
        _end_what_it_belongs_to(session, pilot, by, outbox)
        tell_everybody(session, pilot, outbox, emails.stopped, emails.lessons)
    else:
        tell_side(session, pilot, seat.other, outbox, emails.stopped)


CHALLENGE_ENDED = N_("The challenge has ended, so this pilot does not begin any more.")
ANSWER_OUT = N_("The answer is out of the running, so its pilot does not begin any more.")


def end_idle_sheets(session: Session, challenge_id: int, *, outbox: Outbox) -> None:
    """End the sheets of a challenge that can begin no more, as the timer does; tell both sides."""
    to, mover, at = PilotState.STOPPED, Mover.TIMER, outbox.now
    for pilot in queries.pilots_of(session, challenge_id):
        if pilot.state not in EDITABLE_STATES or can_still_begin(pilot):
            continue
        with speaking(pilot.lang):
            reason = gettext(CHALLENGE_ENDED if pilot.challenge.ended_at else ANSWER_OUT)
        MACHINE.move(session, pilot, to=to, mover=mover, by=TIMER, at=at, reason=reason)
        pilot.verdict_reason, pilot.ended_at = reason, at
        tell_both(session, pilot, outbox, emails.stopped)


def _require_lessons(lessons: str) -> None:
    if not lessons.strip():
        raise LessonsMissing


def _end_what_it_belongs_to(session: Session, pilot: Pilot, who: By, outbox: Outbox) -> None:
    """End the answer's pilot, and with the last pilot the challenge."""
    at, mover = outbox.now, Mover.TIMER
    done = ResponseState.COMPLETED
    if RESPONSE_MACHINE.allows(pilot.response.state, done, mover):  # unless it was disqualified
        RESPONSE_MACHINE.move(session, pilot.response, to=done, mover=mover, by=who, at=at)
    challenge, to = pilot.challenge, ChallengeState.COMPLETED
    is_last = not queries.count_under_way(session, challenge.id, besides=pilot.id)
    if is_last and CHALLENGE_MACHINE.allows(challenge.state, to, mover):
        reason = pilot.verdict_reason
        CHALLENGE_MACHINE.move(session, challenge, to=to, mover=mover, by=who, at=at, reason=reason)
        challenge.ended_at = at
        enqueue_archiving(session, challenge, at=at)
        enqueue_sheets_over(session, challenge, at=at)
