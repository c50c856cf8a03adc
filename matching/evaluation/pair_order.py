"""How well scores put the pairs of things an expert has rated in the expert's own order.

After Stelmakh, Wieting, Xi, Neubig and Shah, "A Gold Standard Dataset for the Reviewer Assignment
Problem" (2023).
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matching.evaluation.bootstrap import Statistic

Counts = NDArray[np.float64]
"""One line a figure, in the order of ``FIGURES``: the part and the whole of a share."""

FIGURES = ("loss", "easy", "hard")
"""``loss``: share of pairs in the wrong order, each weighing the gap of its ratings; equal scores
are half wrong. ``easy``: share in the right order of pairs of a high and a low rating. ``hard``:
the same of two different high ratings."""

_LOSS, _EASY, _HARD = range(3)
_HIGH, _LOW = 4, 2


def pair_counts(ratings: Mapping[str, float], scores: Mapping[str, float]) -> Counts:
    """Over all pairs of one expert's ratings.

    :raises KeyError: if something that is rated has no score
    """
    counts = np.zeros((len(FIGURES), 2))
    for one, other in combinations(sorted(ratings, key=ratings.__getitem__), 2):
        gap = ratings[other] - ratings[one]
        ahead = float(np.sign(scores[other] - scores[one]))
        counts[_LOSS] += gap * (1 - ahead) / 2, gap
        if gap and ratings[one] >= _HIGH:
            counts[_HARD] += ahead > 0, 1
        if ratings[one] <= _LOW and ratings[other] >= _HIGH:
            counts[_EASY] += ahead > 0, 1
    return counts


def pair_order_statistics(counts: Sequence[Sequence[Counts]]) -> dict[str, Statistic]:
    """Each figure over the experts drawn, mean over samplings. Left out if no pair tells it.

    :param counts: one line a sampling of the profiles, one entry an expert
    """
    stacked = np.array(counts)
    told = [number for number in range(len(FIGURES)) if stacked[:, :, number, 1].any()]
    return {FIGURES[number]: _share(stacked[:, :, number]) for number in told}


def _share(counts: Counts) -> Statistic:
    """:param counts: (samplings, experts, part and whole)"""

    def over(drawn: NDArray[np.int64]) -> NDArray[np.float64]:
        part, whole = np.moveaxis(counts[:, drawn].sum(axis=2), -1, 0)
        shares = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
        return np.asarray(shares.mean(axis=0))

    return over
