"""Choices between yes and no under linear rules, decided exactly by HiGHS through scipy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_DECIDED, _OUT_OF_TIME = 0, 1


class OutOfTime(RuntimeError):
    """No values were proven the best ones in the time given.

    ``values`` keep all rules and are best for the goals decided before, if any were: (n,).
    """

    def __init__(self, values: Numbers | None) -> None:
        super().__init__("Not decided in the time given.")
        self.values = values


@dataclass(frozen=True)
class Programme:
    """Variables with limits, and rules that weighted sums of them must keep.

    :param limits: the most each variable may be, (n,); the least is 0
    :param whole: which variables must be whole numbers, (n,)
    :param rules: weights of each rule, (rules, n); ``least`` and ``most`` bound their sums
    """

    limits: Numbers
    whole: NDArray[np.bool_]
    rules: Numbers
    least: Numbers
    most: Numbers

    @classmethod
    def of(cls, limits: Sequence[float], whole: Sequence[bool]) -> Self:
        """A programme without rules."""
        none = np.zeros(0)
        return cls(np.array(limits), np.array(whole), np.zeros((0, len(limits))), none, none)

    def ruled(self, weights: Numbers, *, least: float = -inf, most: float = inf) -> Self:
        """The same programme with more rules, all of the same bounds.

        :param weights: (n,) for one rule or (rules, n) for several
        """
        rows = np.atleast_2d(weights)
        return replace(
            self,
            rules=np.vstack([self.rules, rows]),
            least=np.append(self.least, np.full(len(rows), least)),
            most=np.append(self.most, np.full(len(rows), most)),
        )

    def best(self, *goals: Numbers, seconds: float) -> Numbers | None:
        """The values that make the first goal smallest, among these the second, and so on.

        :param goals: weights whose sum is to be small, (n,) each; all but the last must take
            whole values only
        :param seconds: for each goal
        :returns: (n,), or None if the rules contradict each other
        :raises OutOfTime: if a goal is not decided in time
        """
        programme, values = self, None
        for goal in goals:
            found = programme._solved(goal, seconds)
            if found.status == _OUT_OF_TIME:
                raise OutOfTime(values)
            if found.status != _DECIDED:
                return None
            values = np.where(self.whole, np.round(found.x), found.x)
            programme = programme.ruled(goal, most=round(float(goal @ values)))
        return values

    def _solved(self, goal: Numbers, seconds: float) -> Any:
        from scipy.optimize import Bounds, LinearConstraint, milp

        return milp(
            goal,
            bounds=Bounds(0, self.limits),
            integrality=self.whole.astype(np.uint8),
            constraints=LinearConstraint(self.rules, self.least, self.most),
            options={"time_limit": seconds, "mip_rel_gap": 0},
        )
