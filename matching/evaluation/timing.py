"""How long several ways to do the same thing take."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Way = Callable[[], object]


@dataclass(frozen=True, slots=True)
class TimesFaster:
    """How many times faster than a base: the median of the rounds, the least and the most."""

    median: float
    least: float
    most: float


def in_turns(
    ways: Mapping[str, Way], *, rounds: int, timer: Callable[[], float]
) -> dict[str, list[float]]:
    """Seconds of each round by way, after one round that is not counted.

    The ways take turns, every other round backwards: whatever else keeps the machine busy slows
    all of them alike, so their ratios hold even where the seconds do not.
    """
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for number in range(rounds):
        for name in list(ways)[:: 1 if number % 2 == 0 else -1]:
            started = timer()
            ways[name]()
            seconds[name].append(timer() - started)
    return seconds


def times_faster(seconds: Sequence[float], base: Sequence[float]) -> TimesFaster:
    """Compared round by round."""
    ratios = [theirs / ours for ours, theirs in zip(seconds, base, strict=True)]
    return TimesFaster(median(ratios), min(ratios), max(ratios))
