"""Fairness between the languages of a collection: the same need, the same list."""

import numpy as np

from matching.background import Numbers
from matching.passage_index import Flags

_HALF_BELIEVED = 5
"""Profiles of a language at which half of its offset is believed; fewer may differ by chance."""


def evened(values: Numbers, languages: Numbers) -> Numbers:
    """Values with the typical profile of each language moved to the typical profile of all.

    How near unrelated texts of two languages are depends on their kind, and no background text is
    of every kind. The best of a language are told by how far they stand out among their own.
    In a collection of one language nothing changes.

    :param values: one a profile; those that are not finite stay out of it
    :param languages: one language number a profile
    """
    moved = values.astype(np.float64)
    finite = np.isfinite(values)
    if not finite.any():
        return moved
    usual = np.median(values[finite])
    for language in np.unique(languages[finite]):
        own = finite & (languages == language)
        belief = own.sum() / (own.sum() + _HALF_BELIEVED)
        moved[own] -= belief * (np.median(values[own]) - usual)
    return moved


def prevalence(speaks: Flags) -> float:
    """What shared words are worth in ranking: 1 if all profiles speak the need's language, falling
    to 0 if at most half do. Where no language prevails, words tell languages apart, not answers.
    """
    return max(0.0, 2 * float(speaks.mean()) - 1) if len(speaks) else 0.0
