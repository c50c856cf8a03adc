"""Who comes first for one need: a rough look at all, a full one at the best, none at copies and at
lists that answer nothing.
"""

from collections.abc import Callable, Mapping, Sequence

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
        """Points without copied passages and idle lists. Leaders are looked at until nothing new
        shows among them; with each that copies, two places further ahead, for whoever copies is
        seldom alone. Nobody gains by the loss of an idle list, so none further back is missed.
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
            seen = dict(zip(fresh.tolist(), guard.look_at(fresh.tolist()), strict=True))
            copies += found.leave_out(seen)
        return found

    @lazy
    def _typical(self) -> Scores:
        features = self.inquiry.typical
        return Scores(features, self._weights, np.zeros(len(features.rows), np.bool_))


class Honest:
    """Profiles in the order of their points, copies left out as far as they are known.

    ``order`` are places among those measured, best first, ties in key order; ``copying`` are those
    that repeat the need.
    """

    def __init__(self, features: Features, weights: Weights, typical: Scores) -> None:
        self.features = features
        self._weights = weights
        self._typical = typical
        self._left_out = np.full(len(features.rows), says_nothing(features.question.need))
        self._quotable = np.zeros(len(features.rows), np.bool_)
        self.copying: set[int] = set()
        self._total = Scores(features, weights, self._left_out, typical).points.total
        self.order = self._ordered()

    def leave_out(self, found: Mapping[int, Found]) -> int:
        """How many profiles have something copied. The points of others stay as they are.

        :param found: what is known of some profiles, by their places
        """
        copied = {place: each for place, each in found.items() if each.repeated}
        for each in copied.values():
            self._left_out[each.repeated] = True
            self._quotable[each.rest] = True
        if copied:
            changed = np.sort(list(copied))
            self._total[changed] = self.scores(changed).points.total
        self.copying.update(copied)
        listing = np.sort([place for place, each in found.items() if each.lists]).astype(np.int64)
        if len(listing):
            self._leave_out_idle(listing, [found[place] for place in listing.tolist()])
        if copied or len(listing):
            self.order = self._ordered()
        return len(copied)

    def _leave_out_idle(self, places: Rows, found: Sequence[Found]) -> None:
        """Lists that answer nothing even partly, of profiles that would have more points with them.

        :param places: ascending, with what is known of each
        """
        own, rows = self.features.only(places)
        listed = np.isin(rows, [row for each in found for row in each.lists])
        listed &= ~self._left_out[rows]
        answers = self.scores(places).surest >= self._weights.partly
        answering = own.profile_of_row[listed & answers]
        idle = listed & ~np.isin(own.profile_of_row, answering)
        left_out, quotable = self._left_out[rows] | idle, self._quotable[rows] | idle
        without = Scores(own, self._weights, left_out, self._typical, quotable).points.total
        is_less = without < self._total[places]
        gone = rows[idle & is_less[own.profile_of_row]]
        self._left_out[gone] = self._quotable[gone] = True
        self._total[places[is_less]] = without[is_less]

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
