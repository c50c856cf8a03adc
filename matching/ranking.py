"""Who comes first for one need: a rough look at all, a full one at the best, none at copies."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from matching.background import Numbers
from matching.candidates import best
from matching.guard import Guard
from matching.inquiry import Features, Inquiry
from matching.lazy import lazy
from matching.question import says_nothing
from matching.scoring import Scores
from matching.segment import Flags, Rows
from matching.weights import Weights

_AT_ONCE = 2
"""Parts of an index that are looked at roughly at the same time."""

Leaders = Callable[[Rows], Rows]
"""Which places of an order matter, best first."""


class Ranking:
    """One need over one index."""

    def __init__(self, inquiry: Inquiry, weights: Weights, *, leave_out_copies: bool) -> None:
        self.inquiry = inquiry
        self._weights = weights
        self._leave_out_copies = leave_out_copies

    def candidates(self, allowed: Flags, top: int) -> Rows:
        """Numbers of profiles that may come first: of few all, of many the best at a rough look."""
        if self.inquiry.is_small(allowed):
            return np.flatnonzero(allowed)
        limits = self.inquiry.limits
        parts = self.inquiry.rough()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            totals = list(pool.map(self._rough_total, parts))
        return best(np.concatenate(totals), allowed, max(limits.candidates, limits.margin * top))

    def honest_scores(self, chosen: Rows, leaders: Leaders) -> tuple[Scores, Rows]:
        """Scores without copied passages, and places in ``chosen``, best first. Leaders are looked
        at until no new copy shows among them; each time one does, twice as far ahead, for whoever
        copies is seldom alone.
        """
        features = self.inquiry.features(chosen)
        left_out: Flags = np.full(len(features.rows), says_nothing(features.question.need))
        quotable = np.zeros(len(features.rows), np.bool_)
        guard = Guard(features)
        looked_at = np.zeros(len(chosen), np.bool_)
        scores = Scores(features, self._weights, left_out, self._typical, quotable)
        ahead = 1
        while True:
            order = scores.order
            near = leaders(order)
            if not self._leave_out_copies or looked_at[near].all():
                return scores, order
            fresh = [int(place) for place in order[: ahead * len(near)] if not looked_at[place]]
            looked_at[fresh] = True
            found = [each for each in guard.look_at(fresh) if each.rows]
            if not found:
                return scores, order
            left_out, quotable = left_out.copy(), quotable.copy()
            for each in found:
                left_out[each.rows] = True
                quotable[each.rest] = True
            scores = scores.without(left_out, quotable)
            ahead *= 2

    @lazy
    def _typical(self) -> Scores:
        return self._plain_scores(self.inquiry.typical, None)

    def _rough_total(self, measure: Callable[[], Features]) -> Numbers:
        return self._plain_scores(measure(), self._typical).points.total

    def _plain_scores(self, features: Features, typical: Scores | None) -> Scores:
        nothing = np.zeros(len(features.rows), np.bool_)
        return Scores(features, self._weights, nothing, typical)


def up_to(order: Rows, *, place: int) -> Rows:
    """The order up to one place."""
    return order[: int(np.flatnonzero(order == place)[0]) + 1]
