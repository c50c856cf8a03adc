"""The numbers of a period in short: all that the first page needs of its challenges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.monitoring.models import Speed, Step
from app.monitoring.policy import figures
from app.monitoring.policy.facts import ChallengeFacts
from app.monitoring.policy.figures import Stage


@dataclass(frozen=True)
class Summary:
    """Numbers only: nothing in it names a challenge or anybody."""

    count: int
    stages: Sequence[Stage]
    months: Mapping[Step, Sequence[int]]
    """How many came to a step, by month of opening."""
    wait: float | None
    """The median of days to a first good match."""
    with_bridge: float | None
    """The share of shortlists with somebody from another cluster, 0 to 1."""
    speeds: Mapping[Speed, int]
    bridging: int
    """Places on shortlists that bridge; an organisation of two clusters counts once."""
    places: int
    """All places on shortlists."""
    stuck: int
    """Challenges that stand still."""

    def come_to(self, step: Step) -> int:
        """Return how many challenges have come to a step."""
        return next(stage.count for stage in self.stages if stage.step is step)


def summary(facts: Sequence[ChallengeFacts], now: datetime) -> Summary:
    """Return the numbers of some challenges."""
    return Summary(
        count=len(facts),
        stages=figures.funnel(facts),
        months={step: figures.by_month(facts, step, now) for step in (Step.PUBLISHED, Step.PILOT)},
        wait=figures.median_wait(facts),
        with_bridge=figures.share_with_bridge(facts),
        speeds=figures.speeds(facts),
        bridging=sum(each.bridges for each in facts),
        places=sum(each.shortlisted for each in facts),
        stuck=len(figures.needing_a_hand(facts, now)),
    )
