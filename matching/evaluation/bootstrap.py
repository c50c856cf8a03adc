"""How sure a figure is: percentile bootstrap over the cases it was measured on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Figures = NDArray[np.float64]

Statistic = Callable[[NDArray[np.int64]], Figures]
"""A figure as a function of the cases it is taken over: from (rounds, cases drawn), which holds
numbers of cases, to (rounds,). Not a number where the cases drawn do not tell."""

ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over all cases, and the interval that holds it in 95 % of resampled sets."""

    mean: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def mean_of(values: Sequence[float]) -> Statistic:
    """The mean of one value a case."""
    by_case = np.asarray(values, np.float64)
    return lambda drawn: np.asarray(by_case[drawn].mean(axis=1))


def difference(minuend: Statistic, subtrahend: Statistic) -> Statistic:
    """Of two figures over the same cases, so that both always see the same draw (paired)."""
    return lambda drawn: minuend(drawn) - subtrahend(drawn)


def estimate(
    statistic: Statistic, cases: int, *, random: np.random.Generator, rounds: int = ROUNDS
) -> Estimate:
    """The statistic over all cases with its 95 % interval.

    :raises ValueError: without cases
    """
    if not cases:
        raise ValueError("There is nothing to estimate from.")
    drawn = random.integers(cases, size=(rounds, cases))
    low, high = np.nanpercentile(statistic(drawn), [2.5, 97.5])
    [over_all] = statistic(np.arange(cases)[np.newaxis])
    return Estimate(float(over_all), float(low), float(high))
