"""Who comes first for one need: a rough look at all, a full one at the best, none at copies."""

from collections.abc import Callable, Sequence

import numpy as np

from matching.candidates import best
from matching.guard import Found, Guard
from matching.inquiry import Features, Inquiry
from matching.lazy import lazy
from matching.question import says_nothing
from matching.rough_look import RoughLook
from matching.scoring import Scores, begins
from matching.segment import Flags, Rows
from matching.weights import Weights

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
        limits, points = self.inquiry.limits, RoughLook(self.inquiry, self._typical).total()
        return best(points, allowed, max(limits.candidates, limits.margin * top))

    def honest(self, chosen: Rows, leaders: Leaders) -> "Honest":
        """Points without copied passages. Leaders are looked at until no new copy shows among
        them; with each that does, two places further ahead, for whoever copies is seldom alone.
        """
        found = Honest(self.inquiry.features(chosen), self._weights, self._typical)
        guard = Guard(found.features)
        looked_at = np.zeros(len(chosen), np.bool_)
        copies = 0
        while self._leave_out_copies:
            near = leaders(found.order)
            if looked_at[near].all():
                break
            first = found.order[: len(near) + 2 * copies]
            fresh = first[~looked_at[first]]
            looked_at[fresh] = True
            new = found.leave_out(fresh, guard.look_at(fresh.tolist()))
            if not new:
                break
            copies += new
        return found

    @lazy
    def _typical(self) -> Scores:
        features = self.inquiry.typical
        return Scores(features, self._weights, np.zeros(len(features.rows), np.bool_))


class Honest:
    """Profiles in the order of their points, copies left out as far as they are known.

    ``order`` are places among those measured, best first, ties in key order.
    """

    def __init__(self, features: Features, weights: Weights, typical: Scores) -> None:
        self.features = features
        self._weights = weights
        self._typical = typical
        self._left_out = np.full(len(features.rows), says_nothing(features.question.need))
        self._quotable = np.zeros(len(features.rows), np.bool_)
        self._total = Scores(features, weights, self._left_out, typical).points.total
        self.order = self._ordered()

    def leave_out(self, places: Rows, found: Sequence[Found]) -> int:
        """How many profiles have something to leave out. The points of others stay as they are."""
        pairs = zip(places.tolist(), found, strict=True)
        copied = {place: each for place, each in pairs if each.rows}
        for each in copied.values():
            self._left_out[each.rows] = True
            self._quotable[each.rest] = True
        if copied:
            changed = np.sort(list(copied))
            self._total[changed] = self.scores(changed).points.total
            self.order = self._ordered()
        return len(copied)

    def scores(self, places: Rows) -> Scores:
        """All scores of some of the profiles.

        :param places: ascending
        """
        own, rows = self.features.only(places)
        left_out, quotable = self._left_out[rows], self._quotable[rows]
        return Scores(own, self._weights, left_out, self._typical, quotable)

    def _ordered(self) -> Rows:
        order = np.argsort(-self._total, kind="stable")
        starts = np.flatnonzero(begins(self._total[order]))
        ends = np.append(starts[1:], len(order))
        for tied in np.flatnonzero(ends - starts > 1):
            same = slice(starts[tied], ends[tied])
            order[same] = sorted(order[same], key=self._key)
        return order

    def _key(self, place: int) -> str:
        return self.features.index.key(int(self.features.profiles[place]))


def up_to(order: Rows, *, place: int) -> Rows:
    """The order up to one place."""
    return order[: int(np.flatnonzero(order == place)[0]) + 1]
