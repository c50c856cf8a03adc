"""Loops over words and where they stand, compiled when first called."""

from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.loops import Floats, compiled  # noqa: TID253 -- imported as late as that one
from matching.postings import Ids

Numbers = NDArray[np.int64]
Stretches = tuple[Numbers, Numbers, Numbers]


class Limits(NamedTuple):
    """Cosines from which two words are no longer strangers, and from which they are the same."""

    strangers: float
    same: float


@partial(compiled, exact=True)
def closeness(
    asked: NDArray[np.int8],
    said: NDArray[np.int8],
    limits: Limits,
    stretch: tuple[int, int],
    found: Floats,
) -> None:
    """How near words asked for are to a stretch of those said: from 0, at the first limit, to 1, at
    the other one. Sums of whole numbers this small are exact. Four words are compared at once, so
    that a number of a word asked for is fetched once for all of them.
    """
    whole = asked.astype(np.float32)
    lengths = _lengths(whole)
    four = np.zeros((4, asked.shape[1]), np.float32)
    for first in range(stretch[0], stretch[1], 4):
        size = min(4, stretch[1] - first)
        four[:size] = said[first : first + size]
        their_lengths = _lengths(four)
        for number in range(len(whole)):
            totals = _four_products(whole[number], four)
            for place in range(size):
                cosine = totals[place] / np.float64(lengths[number] * their_lengths[place])
                near = (cosine - limits.strangers) / (limits.same - limits.strangers)
                found[number, first + place] = min(max(near, 0.0), 1.0)


@partial(compiled, exact=True)
def _lengths(whole: Floats) -> Floats:
    """At least a little, so that zeros can be divided by it."""
    found = np.empty(len(whole), np.float32)
    for number in range(len(whole)):
        total = np.float32(0)
        for dimension in range(whole.shape[1]):
            total += whole[number, dimension] * whole[number, dimension]
        found[number] = max(np.sqrt(total), np.float32(1e-9))
    return found


@partial(compiled, exact=True)
def _four_products(one: Floats, others: Floats) -> tuple[np.float32, ...]:
    first = second = third = fourth = np.float32(0)
    for dimension in range(len(one)):
        number = one[dimension]
        first += number * others[0, dimension]
        second += number * others[1, dimension]
        third += number * others[2, dimension]
        fourth += number * others[3, dimension]
    return first, second, third, fourth


class Compared(NamedTuple):
    """Words of requirements and of rows, to be held against each other.

    ``pairs`` are the requirement and the row of each comparison, (comparisons, 2). ``asked`` are
    words asked for, by number, those of a requirement up to its end in ``asked_ends``. Sentences
    end in ``said_ends``, those of a row in ``row_ends``. Each of these ends has a 0 before it.
    Stems are those of all words asked for and of all that are said, by id, one line a language; two
    words of the same are as near as can be.
    """

    pairs: Numbers
    asked: Numbers
    asked_ends: Numbers
    said_ends: Numbers
    row_ends: Numbers
    stems_asked: Ids
    stems_said: Ids


@compiled
def unlike(compared: Compared, enough: float) -> NDArray[np.bool_]:
    """Which comparisons have less than enough of the words asked for in common, by their stems."""
    found = np.zeros(len(compared.pairs), np.bool_)
    for number in range(len(found)):
        asked, sentences = _asked_and_sentences(compared, number)
        start, end = compared.said_ends[sentences[0]], compared.said_ends[sentences[1]]
        shared = 0
        for word in asked:
            for place in range(start, end):
                if _is_shared(compared, word, place):
                    shared += 1
                    break
        found[number] = end > start and shared < enough * len(asked)
    return found


@compiled
def chosen(
    compared: Compared,
    is_unlike: NDArray[np.bool_],
    near: Floats,
    columns: Numbers,
    enough: float,
) -> tuple[Numbers, NDArray[np.bool_]]:
    """The sentence of each comparison that covers most of the words asked for, the earliest of
    equals, and which of its words are near enough to any of them: (comparisons, words at most).

    :param is_unlike: where words of like meaning count as well
    :param near: how near words asked for (lines) are to others
    :param columns: of the words said
    """
    ends = compared.said_ends
    best = np.zeros(len(compared.pairs), np.int64)
    carries = np.zeros((len(best), np.diff(ends).max()), np.bool_)
    nearest = np.empty(len(columns), np.float32)
    for number in range(len(best)):
        asked, sentences = _asked_and_sentences(compared, number)
        nearest[ends[sentences[0]] : ends[sentences[1]]] = 0
        most = np.float32(-1)
        for sentence in range(sentences[0], sentences[1]):
            covered = np.float32(0)
            for word in asked:
                closest = np.float32(0)
                for place in range(ends[sentence], ends[sentence + 1]):
                    own = np.float32(0)
                    if _is_shared(compared, word, place):
                        own = np.float32(1)
                    elif is_unlike[number]:
                        own = near[word, columns[place]]
                    nearest[place] = max(nearest[place], own)
                    closest = max(closest, own)
                covered += closest
            if covered > most:
                best[number], most = sentence, covered
        start, end = ends[best[number]], ends[best[number] + 1]
        carries[number, : end - start] = nearest[start:end] >= enough
    return best, carries


@compiled
def _asked_and_sentences(compared: Compared, number: int) -> tuple[Numbers, tuple[int, int]]:
    """The words asked for in a comparison; its first sentence and the one behind its last."""
    requirement, row = compared.pairs[number, 0], compared.pairs[number, 1]
    ends = compared.asked_ends
    asked = compared.asked[ends[requirement] : ends[requirement + 1]]
    return asked, (compared.row_ends[row], compared.row_ends[row + 1])


@compiled
def _is_shared(compared: Compared, word: int, place: int) -> bool:
    """Whether a word asked for and one at a place have the same stem in any language."""
    for language in range(len(compared.stems_asked)):
        if compared.stems_asked[language, word] == compared.stems_said[language, place]:
            return True
    return False


@compiled
def count_places(places: NDArray[Any], stretches: Stretches, counts: NDArray[np.uint8]) -> None:
    """One more at each place where a term stands, up to 255.

    :param stretches: of the places for each term: the line in which it counts, the first and the
        one behind the last
    """
    lines, starts, ends = stretches
    for term in range(len(lines)):
        line = counts[lines[term]]
        for place in places[starts[term] : ends[term]]:
            if line[place] < 255:
                line[place] += np.uint8(1)


@compiled
def counts_at(
    postings: tuple[NDArray[Any], NDArray[np.uint8]],
    stretches: Stretches,
    places: Numbers,
    found: NDArray[np.uint8],
) -> None:
    """How often terms stand at some places, into (places, terms).

    :param postings: where terms stand, and how often they do there
    :param stretches: of them for each term: its number, the first and the one behind the last
    :param places: ascending, as the postings of each term are
    """
    numbers, starts, ends = stretches
    for term in range(len(numbers)):
        at = starts[term]
        for place in range(len(places)):
            at += np.searchsorted(postings[0][at : ends[term]], places[place])
            if at == ends[term]:
                break
            if postings[0][at] == places[place]:
                found[place, numbers[term]] = postings[1][at]


@compiled
def add_shares(
    postings: tuple[NDArray[Any], NDArray[np.uint8]],
    stretches: Stretches,
    worth: NDArray[np.float64],
    norm: NDArray[np.float64],
    scores: NDArray[np.float64],
) -> None:
    """What each word adds to the scores of the places it stands at.

    :param postings: where terms stand, and how often they do there
    :param stretches: of them for each term: its number, the first and the one behind the last
    :param worth: of each term, by its number
    """
    numbers, starts, ends = stretches
    for term in range(len(numbers)):
        for at in range(starts[term], ends[term]):
            place, count = postings[0][at], float(postings[1][at])
            scores[place] += worth[numbers[term]] * (count / (count + norm[place]))
