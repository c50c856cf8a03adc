"""Which needs one ranking serves better than another, and of what kind they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.documents import Need
from matching.evaluation.bootstrap import Estimate, estimate, mean_of
from matching.evaluation.metrics import Grades, Metric
from matching.evaluation.runs import Run
from matching.text import words

_LENGTHS = ((3, "up to 3 words"), (12, "4 to 12 words"), (60, "13 to 60 words"))
_LONGEST = "more than 60 words"
_SEED = 1


@dataclass(frozen=True, slots=True)
class Ranked:
    """One need's ranking: what a metric says of it, the place of the first relevant document (None
    if there is none), and the key of the document in front ("" if there is none).
    """

    value: float
    first_relevant: int | None
    leader: str


@dataclass(frozen=True, slots=True)
class Change:
    need: Need
    before: Ranked
    after: Ranked

    @property
    def gain(self) -> float:
        return self.after.value - self.before.value


@dataclass(frozen=True, slots=True)
class Group:
    """Needs of one kind: how many, their means, and the mean gain with its 95 % interval."""

    kind: str
    count: int
    before: float
    after: float
    gain: Estimate


def changes(
    needs: Sequence[Need],
    grades: Mapping[str, Grades],
    metric: Metric,
    *,
    before: Run,
    after: Run,
) -> list[Change]:
    """One a judged need that either run ranks; a run that lacks it has found nothing."""
    return [
        Change(
            need,
            *(_ranked(run.get(need.key, ()), grades[need.key], metric) for run in (before, after)),
        )
        for need in needs
        if need.key in grades and need.key in before.keys() | after.keys()
    ]


def grouped(changed: Sequence[Change], kind_of: Callable[[Need], str]) -> list[Group]:
    """One group a kind, largest first."""
    members: dict[str, list[Change]] = {}
    for change in changed:
        members.setdefault(kind_of(change.need), []).append(change)
    by_size = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
    return [_group(kind, own) for kind, own in by_size]


def most_lost(changed: Sequence[Change], count: int) -> list[Change]:
    """Those that lost, most first."""
    lost = [change for change in changed if change.gain < 0]
    return sorted(lost, key=lambda change: (change.gain, change.need.key))[:count]


def length_of(need: Need) -> str:
    count = len(words(f"{need.title} {need.text}"))
    return next((name for most, name in _LENGTHS if count <= most), _LONGEST)


def language_of(need: Need) -> str:
    return need.lang or "not told"


def _ranked(ranking: Sequence[tuple[str, float]], grades: Grades, metric: Metric) -> Ranked:
    keys = [key for key, _ in ranking]
    relevant = (place for place, key in enumerate(keys, 1) if grades.get(key, 0) > 0)
    return Ranked(metric(keys, grades), next(relevant, None), next(iter(keys), ""))


def _group(kind: str, members: Sequence[Change]) -> Group:
    gains = [change.gain for change in members]
    return Group(
        kind,
        len(members),
        float(np.mean([change.before.value for change in members])),
        float(np.mean([change.after.value for change in members])),
        estimate(mean_of(gains), len(gains), random=np.random.default_rng(_SEED)),
    )
