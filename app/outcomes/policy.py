"""An owner's track record, computed from the journal, and who answers for whom. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple

from app.challenges.models import ChallengeState
from app.core.journal import Event
from app.organisations.policy import Actor
from app.outcomes.models import OutcomeQuestion
from app.pilots.models import PilotState
from app.responses.models import ResponseState

ASKED_AFTER = timedelta(days=30)
ANSWER_TERM = timedelta(days=30)
FEWEST = 3
"""What rests on less says more about chance and single cases than about anybody."""

R, C = ResponseState, ChallengeState
ANSWERS = frozenset(
    {
        R.NOT_SHORTLISTED, R.SELECTED, R.RESERVE, R.NOT_SELECTED, R.ACKNOWLEDGED, R.DISQUALIFIED,
    }
)  # fmt: skip
"""States by which a responder is told a decision at once."""
RELEASES = frozenset({C.SHORTLISTED, C.DECIDED})
"""States of a challenge with which those held ineligible are told."""
ENDS = frozenset({C.DECIDED, C.COMPLETED, C.CANCELLED})


def may_answer(actor: Actor, question: OutcomeQuestion) -> bool:
    """Whether they may answer for the organisation that is asked."""
    return actor.acts_for(question.organisation_id)


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def is_enough(self) -> bool:
        """Whether there are enough cases to show it."""
        return self.of >= FEWEST

    @property
    def percent(self) -> int:
        """The share in whole percent."""
        return round(100 * self.count / self.of) if self.of else 0


@dataclass(frozen=True)
class TrackRecord:
    """How an owner has treated those who answered so far."""

    days_to_answer: float | None
    """The median from handing in to decision; None without any."""
    decided: int
    answered: Share
    piloted: Share
    paid: Share

    @property
    def is_enough(self) -> bool:
        """Whether anything of it can be shown."""
        return any(share.is_enough for share in (self.answered, self.piloted, self.paid))

    @property
    def median_days(self) -> int | None:
        """The median in whole days, if enough decisions stand behind it."""
        is_enough = self.decided >= FEWEST and self.days_to_answer is not None
        return round(self.days_to_answer or 0) if is_enough else None


@dataclass(frozen=True)
class Records:
    """What the events of an owner are about; ``promised`` holds the days of promised decisions."""

    challenge_of: Mapping[int, int]
    """By response."""
    promised: Mapping[int, date | None]
    """By challenge."""
    is_paid: Mapping[int, bool]
    """By pilot, as both sides signed it."""


class StateChange(NamedTuple):
    """An event, as far as it counts for a record."""

    id: int
    at: datetime
    subject_kind: str
    subject_id: int
    to_state: str


@dataclass
class _Answer:
    """The life of one answer as far as it matters here."""

    handed_in: datetime | None = None
    told: datetime | None = None
    is_ineligible: bool = False


@dataclass
class _Course:
    """The life of one challenge as far as it matters here."""

    releases: list[datetime] = field(default_factory=list)
    has_ended: bool = False
    is_decided: bool = False
    is_piloted: bool = False


def track_record(
    events: Iterable[StateChange | Event], records: Records, *, today: date
) -> TrackRecord:
    """Compute the record of one owner from all events of its challenges, answers and pilots.

    An answer counts as due once its challenge is over or the promised day has passed; what is
    withdrawn counts nowhere.
    """
    ordered = sorted(events, key=lambda event: (event.at, event.id))
    courses = _courses(ordered)
    answers = _answers(ordered)
    days, due = [], 0
    for response_id, answer in answers.items():
        challenge_id = records.challenge_of.get(response_id)
        if challenge_id is None or answer.handed_in is None:
            continue
        course = courses.get(challenge_id, _Course())
        told = answer.told or _told_on_release(answer, course)
        if told is not None:
            days.append((told - answer.handed_in) / timedelta(days=1))
        elif course.has_ended or _is_overdue(records.promised.get(challenge_id), today):
            due += 1
    decided = [course for course in courses.values() if course.is_decided]
    begun = _begun_pilots(ordered)
    return TrackRecord(
        days_to_answer=median(days) if days else None,
        decided=len(days),
        answered=Share(len(days), len(days) + due),
        piloted=Share(sum(course.is_piloted for course in decided), len(decided)),
        paid=Share(sum(records.is_paid.get(pilot, False) for pilot in begun), len(begun)),
    )


def _courses(events: Sequence[StateChange | Event]) -> dict[int, _Course]:
    courses: dict[int, _Course] = {}
    for event in events:
        if event.subject_kind == "challenges":
            course = courses.setdefault(event.subject_id, _Course())
            if event.to_state in RELEASES:
                course.releases.append(event.at)
            course.has_ended |= event.to_state in ENDS
            course.is_decided |= event.to_state == C.DECIDED
            course.is_piloted |= event.to_state == C.PILOTING
    return courses


def _answers(events: Sequence[StateChange | Event]) -> dict[int, _Answer]:
    answers: dict[int, _Answer] = {}
    for event in events:
        if event.subject_kind != "responses":
            continue
        answer = answers.setdefault(event.subject_id, _Answer())
        if event.to_state == R.SUBMITTED:
            answers[event.subject_id] = _Answer(handed_in=event.at)
        elif event.to_state == R.WITHDRAWN:
            answers[event.subject_id] = _Answer()
        elif event.to_state == R.INELIGIBLE:
            answer.is_ineligible = True
        elif event.to_state in ANSWERS:
            answer.told = answer.told or event.at
    return answers


def _told_on_release(answer: _Answer, course: _Course) -> datetime | None:
    if not answer.is_ineligible or answer.handed_in is None:
        return None
    return next((at for at in course.releases if at >= answer.handed_in), None)


def _is_overdue(promised: date | None, today: date) -> bool:
    return promised is not None and promised < today


def _begun_pilots(events: Sequence[StateChange | Event]) -> set[int]:
    running = PilotState.RUNNING
    return {e.subject_id for e in events if e.subject_kind == "pilots" and e.to_state == running}
