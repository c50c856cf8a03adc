"""Loops over words and where they stand, compiled when first called."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.loops import Floats, compiled  # noqa: TID253 -- imported as late as that one


@compiled
def products_of_bytes(
    vectors: NDArray[np.int8], rows: NDArray[np.int64], found: NDArray[np.int32]
) -> None:
    """Inner products of the first vectors with some of all, in whole numbers: (first, some). They
    are too few for a library that calls other threads to help: waiting for those takes longer.
    """
    for number in range(len(found)):
        left = vectors[number]
        for place in range(len(rows)):
            right = vectors[rows[place]]
            total = np.int32(0)
            for dimension in range(len(left)):
                total += np.int32(left[dimension]) * np.int32(right[dimension])
            found[number, place] = total


@compiled
def best_sentence(near: Floats, edges: NDArray[np.int64]) -> int:
    """The one that covers most of the words asked for; the earliest of equals.

    :param near: from 0, one line a word asked for, one column a word said
    :param edges: the number of each sentence's first word and of the one behind its last
    """
    covered = np.zeros(len(edges), np.float32)
    for asked in range(len(near)):
        for sentence in range(len(edges)):
            nearest = np.float32(0)
            for said in range(edges[sentence, 0], edges[sentence, 1]):
                nearest = max(nearest, near[asked, said])
            covered[sentence] += nearest
    return int(covered.argmax())


@compiled
def carrying(near: Floats, edges: NDArray[np.int64], enough: float) -> NDArray[np.int64]:
    """Which words of a sentence are near enough to any word asked for."""
    found = np.empty(edges[1] - edges[0], np.int64)
    count = 0
    for said in range(edges[0], edges[1]):
        for asked in range(len(near)):
            if near[asked, said] >= enough:
                found[count] = said
                count += 1
                break
    return found[:count]


@compiled
def count_places(places: NDArray[Any], counts: NDArray[np.uint8]) -> None:
    """One more at each place, up to 255."""
    for number in range(len(places)):
        if counts[places[number]] < 255:
            counts[places[number]] += np.uint8(1)


@compiled
def add_shares(
    places: NDArray[Any],
    counts: NDArray[np.uint8],
    rarity: float,
    norm: NDArray[np.float64],
    scores: NDArray[np.float64],
) -> None:
    """What one word adds to the scores of the places it stands at."""
    for number in range(len(places)):
        place, count = places[number], float(counts[number])
        scores[place] += rarity * (count / (count + norm[place]))
