"""Figures made of facts: each can be counted again from the rows behind it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from app.monitoring.models import Answered, Obstacle, Speed, Step
from app.monitoring.policy.facts import ChallengeFacts, month_of

NO_CLUSTER = 0
"""Stands for a cluster where there is none: of an organisation, or to look after a challenge."""
MONTHS_DRAWN = 12


@dataclass(frozen=True)
class Pairing:
    """How many matches of a challenge belong to a cluster, by some measure.

    An organisation of several clusters counts in each. ``bridges`` are those on the shortlist
    that are in other clusters than the one that looks after the challenge, and only in others.
    """

    challenge_id: int
    cluster_id: int
    count: int
    bridges: int = 0


@dataclass(frozen=True)
class HeatMap:
    """Matches by cluster and application field.

    A match counts in every field of its challenge and in every cluster of its organisation, but
    once in each total; so a total can be less than the sum of its row or column.
    """

    cells: Counter[tuple[int, str]]
    by_cluster: Counter[int]
    by_field: Counter[str]
    total: int

    @property
    def highest(self) -> int:
        """The largest cell."""
        return max(self.cells.values(), default=0)


def heat_map(
    facts: Sequence[ChallengeFacts],
    pairings: Iterable[Pairing],
    whole: Mapping[int, int],
) -> HeatMap:
    """Return the counts of the measure that all numbers given are of.

    :param whole: how many matches each challenge has, each organisation counted once
    """
    fields = {each.id: each.field_ids for each in facts}
    found = HeatMap(Counter(), Counter(), Counter(), sum(whole.get(each.id, 0) for each in facts))
    for pairing in pairings:
        count = pairing.count
        if count and pairing.challenge_id in fields:
            found.by_cluster[pairing.cluster_id] += count
            for field in fields[pairing.challenge_id]:
                found.cells[pairing.cluster_id, field] += count
    for each in facts:
        for field in each.field_ids:
            found.by_field[field] += whole.get(each.id, 0)
    return found


@dataclass(frozen=True)
class Stage:
    """A step of the funnel, and how many challenges have come to it."""

    step: Step
    count: int
    share: float
    """Of all published challenges, 0 to 1."""


def funnel(facts: Sequence[ChallengeFacts]) -> list[Stage]:
    """Return how many challenges have come how far; none is counted for a step it skipped."""
    counts = [sum(each.has(step) for each in facts) for step in Step]
    return [
        Stage(step, count, count / len(facts) if facts else 0.0)
        for step, count in zip(Step, counts, strict=True)
    ]


Bridges = Counter[tuple[int, int]]
"""Places on shortlists by the cluster that looks after the challenge and the responder's."""


def bridges(facts: Sequence[ChallengeFacts], pairings: Iterable[Pairing]) -> Bridges:
    """Return how many organisations each cluster brought to shortlists of another."""
    homes = {each.id: each.home_id or NO_CLUSTER for each in facts}
    found: Bridges = Counter()
    for pairing in pairings:
        if pairing.bridges and pairing.challenge_id in homes:
            found[homes[pairing.challenge_id], pairing.cluster_id] += pairing.bridges
    return found


def share_with_bridge(facts: Sequence[ChallengeFacts]) -> float | None:
    """Return the share of shortlists on which somebody from another cluster stands."""
    shortlists = [each for each in facts if each.has(Step.SHORTLISTED)]
    if not shortlists:
        return None
    return sum(each.bridges > 0 for each in shortlists) / len(shortlists)


def median_wait(facts: Iterable[ChallengeFacts]) -> float | None:
    """Return the median days to a first good match, of those challenges that have one."""
    waits = [each.wait / timedelta(days=1) for each in facts if each.wait is not None]
    return median(waits) if waits else None


def speeds(facts: Iterable[ChallengeFacts]) -> dict[Speed, int]:
    """Return how many challenges had their first good match how fast."""
    counts = Counter(each.speed for each in facts)
    return {speed: counts[speed] for speed in Speed}


def needing_a_hand(
    facts: Iterable[ChallengeFacts], now: datetime
) -> list[tuple[ChallengeFacts, Obstacle, int]]:
    """Return challenges that stand still, with what blocks them and for how many days."""
    found = [(each, *stuck) for each in facts if (stuck := each.obstacle(now))]
    return sorted(found, key=lambda row: (-row[2], row[0].id))


def by_month(facts: Iterable[ChallengeFacts], step: Step, now: datetime) -> list[int]:
    """Return how many challenges of each of the last months have come to a step, oldest first."""
    year, month = month_of(now)
    counts = Counter(month_of(each.opened_at) for each in facts if each.has(step))
    last = 12 * year + month - 1
    months = range(last - MONTHS_DRAWN + 1, last + 1)
    return [counts[number // 12, number % 12 + 1] for number in months]


@dataclass(frozen=True)
class FieldNeed:
    """Demand and supply in one application field."""

    field: str
    challenges: int
    unmatched: int
    """Challenges without a good match."""
    requirements: Mapping[Answered, int]
    good: int
    organisations: int
    """Organisations that name the field in their profile."""

    @property
    def unmet_share(self) -> float:
        """The share of requirements that nobody meets, 0 to 1."""
        total = sum(self.requirements.values())
        return self.requirements.get(Answered.NONE, 0) / total if total else 0.0


def field_needs(
    facts: Sequence[ChallengeFacts],
    fields: Iterable[str],
    requirements: Mapping[int, Mapping[Answered, int]],
    organisations: Mapping[str, int],
) -> list[FieldNeed]:
    """Return demand and supply by field.

    :param requirements: how many of each challenge are answered how well
    """
    by_field: defaultdict[str, list[ChallengeFacts]] = defaultdict(list)
    for each in facts:
        for field in each.field_ids:
            by_field[field].append(each)
    return [
        FieldNeed(
            field=field,
            challenges=len(by_field[field]),
            unmatched=sum(not each.has(Step.MATCHED) for each in by_field[field]),
            requirements={
                how: sum(requirements.get(each.id, {}).get(how, 0) for each in by_field[field])
                for how in Answered
            },
            good=sum(each.good for each in by_field[field]),
            organisations=organisations.get(field, 0),
        )
        for field in fields
    ]
