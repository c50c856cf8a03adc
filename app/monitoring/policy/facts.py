"""What is known of each challenge, and which of them somebody asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.challenges.models import ChallengeState, end_of
from app.core.i18n import TIME_ZONE
from app.monitoring.models import Obstacle, Period, Speed, Step

STILL_AFTER = timedelta(days=21)
"""A challenge that has not moved for so long needs a hand."""
SPEEDS = (
    (timedelta(days=1), Speed.DAY),
    (timedelta(days=7), Speed.WEEK),
    (timedelta(days=30), Speed.MONTH),
)
UNDECIDED = frozenset(
    {ChallengeState.CLOSED, ChallengeState.EVALUATING, ChallengeState.SHORTLISTED}
)
NOT_FURTHER = (Step.MATCHED, Step.INVITED, Step.INTERESTED)


@dataclass(frozen=True, kw_only=True)
class ChallengeFacts:
    """A published challenge with how many rows of each kind it has."""

    id: int
    title: str
    lang: str
    owner_name: str
    state: ChallengeState
    home_id: int | None
    """The cluster that looks after it; None: the region."""
    field_ids: tuple[str, ...]
    submitted_at: datetime | None
    opened_at: datetime
    decision_on: date | None
    good: int = 0
    shortlisted: int = 0
    bridges: int = 0
    """Organisations on its shortlist that come from other clusters, and only from others."""
    invited: int = 0
    interested: int = 0
    answers: int = 0
    selected: int = 0
    pilots: int = 0
    purchases: int = 0
    first_good_at: datetime | None = None

    def has(self, step: Step) -> bool:
        """Whether it has come to this step, whatever came before."""
        number: int = getattr(self, _NUMBER_OF[step])
        return number > 0

    @property
    def furthest(self) -> Step:
        """The last step it has come to."""
        return [step for step in Step if self.has(step)][-1]

    @property
    def wait(self) -> timedelta | None:
        """How long it took to the first good match; nothing if it was there beforehand."""
        if self.first_good_at is None:
            return None
        return max(self.first_good_at - (self.submitted_at or self.opened_at), timedelta())

    @property
    def speed(self) -> Speed:
        """The same in words."""
        wait = self.wait
        if wait is None:
            return Speed.NEVER
        return next((word for most, word in SPEEDS if wait <= most), Speed.LONGER)

    def obstacle(self, now: datetime) -> tuple[Obstacle, int] | None:
        """Return what has kept it for more than three weeks, and for how many days."""
        if self.state in UNDECIDED and self.decision_on is not None:
            late = now - end_of(self.decision_on)
            return (Obstacle.LATE, late.days + 1) if late >= timedelta() else None
        if self.state is not ChallengeState.OPEN or now - self.opened_at <= STILL_AFTER:
            return None
        for step, obstacle in zip(NOT_FURTHER, list(Obstacle), strict=False):
            if not self.has(step):
                return obstacle, (now - self.opened_at).days
        return None


_NUMBER_OF: Mapping[Step, str] = {
    Step.PUBLISHED: "id",
    Step.MATCHED: "good",
    Step.SHORTLISTED: "shortlisted",
    Step.INVITED: "invited",
    Step.INTERESTED: "interested",
    Step.ANSWERED: "answers",
    Step.SELECTED: "selected",
    Step.PILOT: "pilots",
    Step.BOUGHT: "purchases",
}
"""What a challenge has once it has come to a step; to the first have come all that are counted."""


@dataclass(frozen=True)
class ChallengeChoice:
    """Which challenges are asked for; every figure names one."""

    step: Step | None = None
    short_of: Step | None = None
    """A step it has not come to."""
    field: str | None = None
    home: int | None = None
    speed: Speed | None = None
    with_bridge: bool | None = None
    needs_hand: bool = False


def of_period(
    facts: Sequence[ChallengeFacts], period: Period, now: datetime
) -> Sequence[ChallengeFacts]:
    """Return the challenges that opened in the period."""
    since = period.since(now)
    return [each for each in facts if since is None or each.opened_at >= since]


def of_the_one_before(
    facts: Sequence[ChallengeFacts], period: Period, now: datetime
) -> Sequence[ChallengeFacts] | None:
    """Return those that opened in a period as long before it; None if it has no beginning."""
    if period.length is None:
        return None
    until = now - period.length
    return [each for each in facts if until - period.length <= each.opened_at < until]


def month_of(moment: datetime) -> tuple[int, int]:
    """Return year and month of a moment, in local time."""
    local = moment.astimezone(TIME_ZONE)
    return local.year, local.month
