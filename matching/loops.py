"""Loops over all rows of a collection, compiled when first called. Each reads a row once, and needs
no array as long as the collection for every step in between, as numpy would.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import config, njit  # noqa: TID253 -- this module is imported when a need is asked
from numpy.typing import NDArray

from matching.compiled_files import folder_apart

Function = TypeVar("Function", bound=Callable[..., Any])
Bits = NDArray[np.uint64]
Floats = NDArray[np.float32]

_WORDS = 6
"""Of 64 bits, in a piece of a code."""

_AT_ONCE = 512
"""Rows whose numbers stay in the processor's nearest memory."""


def compiled(function: Function, *, exact: bool = False) -> Function:
    """Runs without Python's lock. What is compiled is kept on disk for the next process: beside
    this file, in the folder chosen, or in the user's cache. Where nothing can be written, each
    process compiles anew.

    Sums may be taken in any order, but products are rounded before they are added, unless all
    numbers are exact.
    """
    freedom = {"reassoc", "contract"} if exact else {"reassoc"}
    if (folder := folder_apart(Path(__file__))) is not None:
        config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]  # set by its import
    made: Any = njit(nogil=True, error_model="numpy", fastmath=freedom)(function)
    with suppress(RuntimeError):
        made.enable_caching()
    found: Function = made
    return found


class Lines(NamedTuple):
    """What a need says, to be held against codes of rows.

    ``low`` and ``high`` are the two bits a dimension of each line, (lines, pieces, 6);
    ``counts`` what a piece of each line counts.
    """

    low: Bits
    high: Bits
    counts: Bits


class Model(NamedTuple):
    """How distances and words become a theme and answers.

    ``slopes`` and ``starts`` make numbers of distances, (lines, languages). Each word of a
    requirement, and each name, adds what ``per_word`` says, up to ``most``: (2, requirements).
    ``pool`` weighs the best passages of a profile.
    """

    slopes: Floats
    starts: Floats
    per_word: Floats
    most: Floats
    pool: Floats


class Part(NamedTuple):
    """Rows of a segment. ``words`` are counts of shared words and names, (2, requirements, rows)
    of the whole collection, in which the segment begins at ``first``.
    """

    codes: Bits
    profile: NDArray[np.int32]
    passage: NDArray[np.int32]
    language: NDArray[np.uint8]
    has_no_text: NDArray[np.bool_]
    words: NDArray[np.uint8]
    first: int


@partial(compiled, exact=True)
def products(
    passages: NDArray[np.int16],
    rows: NDArray[np.int64],
    needs: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Inner products of each need with each of the rows: (needs, rows). Four rows at once, so that
    a number of a need is fetched once for all of them.
    """
    width = passages.shape[1]
    found = np.empty((len(needs), len(rows)))
    whole = np.zeros((4, width), np.float64)
    for first in range(0, len(rows), 4):
        size = min(4, len(rows) - first)
        for place in range(size):
            passage = passages[rows[first + place]]
            for dimension in range(width):
                whole[place, dimension] = passage[dimension]
        for number in range(len(needs)):
            one = two = three = four = 0.0
            for dimension in range(width):
                asked = needs[number, dimension]
                one += asked * whole[0, dimension]
                two += asked * whole[1, dimension]
                three += asked * whole[2, dimension]
                four += asked * whole[3, dimension]
            totals = (one, two, three, four)
            for place in range(size):
                found[number, first + place] = totals[place]
    return found


@compiled
def distances(codes: Bits, lines: Lines, start: int, end: int, found: Bits) -> None:
    """How far rows are from each line: (lines, at least so many rows).

    A distance is the number of bits that differ, a high one counting twice, times what the piece
    counts.
    """
    turned, far = _space(lines)
    for first in range(start, end, _AT_ONCE):
        size = min(_AT_ONCE, end - first)
        _distances(codes, lines, first, size, turned, far)
        found[:, first - start : first - start + size] = far[:, :size]


@compiled
def _space(lines: Lines) -> tuple[Bits, Bits]:
    """For the codes of some rows, and for their distances."""
    turned = np.zeros((_WORDS, _AT_ONCE), np.uint64)
    return turned, np.zeros((len(lines.low), _AT_ONCE), np.uint64)


@compiled
def _distances(codes: Bits, lines: Lines, first: int, size: int, turned: Bits, found: Bits) -> None:
    """Of at most ``_AT_ONCE`` rows. Codes are turned so that as many rows as possible are compared
    at once.
    """
    found[:] = 0
    for piece in range(len(codes)):
        for place in range(size):
            for word in range(_WORDS):
                turned[word, place] = codes[piece, first + place, word]
        for number in range(len(lines.low)):
            low, high = lines.low[number, piece], lines.high[number, piece]
            _add_distances(turned, low, high, lines.counts[number, piece], found[number])


@compiled
def _add_distances(turned: Bits, low: Bits, high: Bits, count: np.uint64, found: Bits) -> None:
    """A function of its own, with a number of rows that never changes, by which the compiler can
    tell that nothing written here is read here. That makes it twice as fast.
    """
    for place in range(_AT_ONCE):
        lows, highs = np.uint64(0), np.uint64(0)
        for word in range(_WORDS):
            lows += _ones(turned[word, place] ^ low[word])
            highs += _ones(turned[word, place] ^ high[word])
        found[place] += count * (lows + highs + highs)


@compiled
def look(
    part: Part, lines: Lines, model: Model, stretch: tuple[int, int, int], found: Floats
) -> None:
    """How far each profile's theme stands out, and how surely it answers each requirement.

    :param stretch: the first row and the one behind the last, of whole profiles; the first profile
    :param found: (lines, profiles), the theme's first; -inf where nothing is known
    """
    start, end, first_profile = stretch
    turned, far = _space(lines)
    near = np.empty(_AT_ONCE, np.float32)
    best = np.full(len(model.pool) + 1, -np.inf, np.float32)
    for first in range(start, end, _AT_ONCE):
        last = min(first + _AT_ONCE, end)
        owners = part.profile[first:last]
        _distances(part.codes, lines, first, last - first, turned, far)
        for number in range(1, len(far)):
            _answers(part, model, number, first, far[number], near)
            _keep_best(near, owners, first_profile, found[number])
        _told(far[0], part.language[first:last], model.slopes[0], model.starts[0], near)
        for row in range(first, last):
            best[-1] = max(best[-1], near[row - first])
            is_last = row + 1 == end or part.profile[row + 1] != part.profile[row]
            if is_last or part.passage[row + 1] != part.passage[row]:
                _sort_in(best)
            if is_last:
                found[0, part.profile[row] - first_profile] = _pooled(best, model.pool)
                best[:] = -np.inf


@compiled
def _told(
    far: Bits, language: NDArray[np.uint8], slopes: Floats, starts: Floats, near: Floats
) -> None:
    """Distances as deviations, by the straight line of each row's language."""
    for place in range(len(language)):
        spoken = language[place]
        near[place] = slopes[spoken] * np.float32(far[place]) + starts[spoken]


@compiled
def _answers(part: Part, model: Model, number: int, first: int, far: Bits, near: Floats) -> None:
    """How surely each of some rows answers one requirement; as many as fit into ``near``."""
    last = min(first + _AT_ONCE, len(part.language))
    _told(far, part.language[first:last], model.slopes[number], model.starts[number], near)
    words = part.words[:, number - 1, part.first + first : part.first + last]
    _add_words(words[0], model.per_word[0, number - 1], model.most[0], near)
    _add_words(words[1], model.per_word[1, number - 1], model.most[1], near)
    silent = part.has_no_text[first:last]
    for place in range(len(silent)):
        if silent[place]:
            near[place] = -np.inf


@compiled
def _add_words(words: NDArray[np.uint8], each: float, most: float, near: Floats) -> None:
    for place in range(len(words)):
        shared = each * np.float32(words[place])
        near[place] += min(shared, most)


@compiled
def _keep_best(near: Floats, owners: NDArray[np.int32], first_profile: int, found: Floats) -> None:
    """The best of each profile's rows, and of what was found of it before."""
    for place in range(len(owners)):
        owner = owners[place] - first_profile
        found[owner] = max(found[owner], near[place])


@compiled
def _sort_in(best: Floats) -> None:
    """The last of some numbers, the others falling, comes to its place; the smallest goes."""
    for place in range(len(best) - 1, 0, -1):
        if best[place] > best[place - 1]:
            best[place - 1], best[place] = best[place], best[place - 1]
    best[-1] = -np.inf


@compiled
def _pooled(best: Floats, pool: Floats) -> float:
    """Weighted mean of those that are there."""
    total = weights = np.float32(0)
    for place in range(len(pool)):
        if best[place] > -np.inf:
            total += pool[place] * best[place]
            weights += pool[place]
    return float(total / weights) if weights > 0 else -np.inf


@compiled
def _ones(bits: np.uint64) -> np.uint64:
    """How many bits are set; the compiler knows these lines and makes one instruction of them."""
    bits = bits - ((bits >> np.uint64(1)) & np.uint64(0x5555555555555555))
    twos = np.uint64(0x3333333333333333)
    bits = (bits & twos) + ((bits >> np.uint64(2)) & twos)
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (bits * np.uint64(0x0101010101010101)) >> np.uint64(56)
