"""What systems are put to, and what their answers are worth."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from matching.documents import Need
from matching.engine import MatchingEngine
from matching.evaluation.alternatives import PlainSystem, PlainText, Scores
from matching.evaluation.bootstrap import Statistic
from matching.evaluation.runs import Run

Progress = Callable[[str, int, int], None]
"""Told what is counted, how many are done and of how many."""

DEPTH = 100
"""Places of a ranking that are kept."""

_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Outcome:
    """A system's answers, and its figures as functions of the cases they are taken over."""

    run: Run
    statistics: Mapping[str, Statistic]


class Task(Protocol):
    """A benchmark that systems can be put to. Estimates draw from its ``cases``."""

    @property
    def needs(self) -> Sequence[Need]: ...
    @property
    def cases(self) -> int: ...
    @property
    def documents(self) -> Sequence[PlainText]: ...
    def by_engine(self, engine: MatchingEngine, progress: Progress) -> Outcome: ...
    def by_plain(self, system: PlainSystem, progress: Progress) -> Outcome: ...


def plain_scores(
    system: PlainSystem, needs: Sequence[Need], progress: Progress
) -> Iterator[tuple[Need, Scores]]:
    """Each need with its line of scores. Needs are asked together, which spares encoding time."""
    for start in range(0, len(needs), _AT_ONCE):
        some = needs[start : start + _AT_ONCE]
        yield from zip(some, system.scores([PlainText.of(need) for need in some]), strict=True)
        progress("needs ranked", start + len(some), len(needs))
