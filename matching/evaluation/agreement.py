"""How much two rankings have in common."""

from collections.abc import Sequence


def rank_biased_overlap(one: Sequence[str], other: Sequence[str], *, persistence: float) -> float:
    """How alike two lists are, 0..1; the first places count most, and 1 means the same list.

    The extrapolated form for lists of one length: Webber, Moffat and Zobel, "A Similarity Measure
    for Indefinite Rankings" (2010), equation 30.

    :param one: keys, best first, each once
    :param other: as many keys
    :param persistence: 0..1, both excluded: how likely a reader goes on to the next place
    :raises ValueError: if the lists are not of one length, or empty
    """
    if not one or len(one) != len(other):
        raise ValueError("Only lists of one length, which are not empty, can be compared.")
    seen: set[str] = set()
    common, weight, total = 0, 1.0, 0.0
    for depth, (mine, theirs) in enumerate(zip(one, other, strict=True), 1):
        common += (mine in seen) + (theirs in seen) + (mine == theirs)
        seen |= {mine, theirs}
        weight *= persistence
        total += common / depth * weight
    return common / len(one) * weight + (1 - persistence) / persistence * total
