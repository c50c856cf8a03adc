"""Fairness between the languages of a collection: the same need, the same list."""

import numpy as np

from matching.background import UNKNOWN, Numbers
from matching.segment import Flags

_HALF_BELIEVED = 5
"""Profiles of a language at which half of its offset is believed; fewer may differ by chance."""


def offsets(values: Numbers, languages: Numbers) -> Numbers:
    """How far the typical profile of each language lies above the typical profile of all, as far
    as that is believed: one a language number.

    :param values: one a profile; those that are not finite stay out of it
    :param languages: one language number a profile
    """
    found = np.zeros(UNKNOWN + 1)
    finite = np.isfinite(values)
    values, languages = values[finite], languages[finite]
    typical = median(values) if len(values) else 0.0
    for language in np.flatnonzero(np.bincount(languages)):
        own = values[languages == language]
        belief = len(own) / (len(own) + _HALF_BELIEVED)
        found[language] = belief * (median(own) - typical)
    return found


def median(values: Numbers) -> float:
    """As numpy tells it, several times faster where there are few numbers.

    :param values: at least one, all of them finite
    """
    middle = (len(values) - 1) // 2, len(values) // 2
    ordered = np.partition(values, middle)
    return float(ordered[middle[0]] + ordered[middle[1]]) / 2


def evened(values: Numbers, languages: Numbers, offset: Numbers) -> Numbers:
    """Values with the typical profile of each language moved to the typical profile of all.

    How near unrelated texts of two languages are depends on their kind, and no background text is
    of every kind. The best of a language are told by how far they stand out among their own.
    In a collection of one language nothing changes.

    :param offset: of each language number, as ``offsets`` tells it
    """
    return np.asarray(values - offset[languages])


def prevalence(speaks: Flags) -> float:
    """What shared words are worth in ranking: 1 if all profiles speak the need's language, falling
    to 0 if at most half do. Where no language prevails, words tell languages apart, not answers.
    """
    return max(0.0, 2 * float(speaks.mean()) - 1) if len(speaks) else 0.0
