"""Systems side by side on one task: figures with intervals, and paired differences."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.evaluation.bootstrap import Estimate, Statistic, difference, estimate

LOWER_IS_BETTER = frozenset({"loss"})

_SEED = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """A system's figures by name, and what ours are minus theirs."""

    figures: Mapping[str, Estimate]
    differences: Mapping[str, Estimate]


def standing(
    theirs: Mapping[str, Statistic], ours: Mapping[str, Statistic], *, cases: int
) -> Standing:
    """Figures of one system beside ours; every estimate sees the same draws of cases."""
    return Standing(
        figures(theirs, cases=cases),
        figures({name: difference(ours[name], theirs[name]) for name in theirs}, cases=cases),
    )


def figures(statistics: Mapping[str, Statistic], *, cases: int) -> dict[str, Estimate]:
    return {
        name: estimate(statistic, cases, random=np.random.default_rng(_SEED))
        for name, statistic in statistics.items()
    }


def verdict(name: str, gain: Estimate) -> str:
    """Whether ours is "better" or "worse" in a figure, or "open" if the interval holds 0.

    :param gain: ours minus theirs
    """
    if not gain.excludes_zero:
        return "open"
    return "better" if (gain.mean < 0) == (name in LOWER_IS_BETTER) else "worse"
