"""How near passages are to a need: exactly for some, roughly for all."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.encoder import Vectors
from matching.encoder_pair import Block

Packed = NDArray[np.int16]
Codes = NDArray[np.uint8]

_STEPS = 2.0**15 - 1
_NEED_STEPS = 2.0**24
_AT_ONCE = 1024
_IN_CACHE = 8192
_MOST_COUNTED = 8


def packed(vectors: Vectors) -> Packed:
    """Vectors of length one in half the memory, each number to the nearest of 65,535 steps."""
    return np.asarray(np.rint(vectors * _STEPS), np.int16)


def similarities(needs: Vectors, passages: Packed, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Inner products, one line a need, one column a row.

    They are sums of whole numbers below 2**53, hence the same to the last bit in whatever order
    and company they are computed: what is said of one passage depends on no other.
    """
    whole = np.rint(needs.astype(np.float64) * _NEED_STEPS).T
    found = np.empty((len(rows), len(needs)))
    for start in range(0, len(rows), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        found[some] = passages[rows[some]].astype(np.float64) @ whole
    return found.T / (_STEPS * _NEED_STEPS)


def lengths(passages: Packed, rows: NDArray[np.int64], block: Block) -> NDArray[np.float64]:
    """Of one block of some rows."""
    found = np.empty(len(rows))
    for start in range(0, len(rows), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        part = passages[rows[some], block.start : block.end].astype(np.float64)
        found[some] = np.square(part).sum(axis=1)
    return np.sqrt(found) / _STEPS


def sums(passages: Packed, rows: NDArray[np.int64], block: Block) -> NDArray[np.float64]:
    """Of one block of some rows, the same in whatever order."""
    total = passages[rows, block.start : block.end].sum(axis=0, dtype=np.int64)
    return np.asarray(total / _STEPS)


def signs(vectors: Packed, blocks: Sequence[Block]) -> Codes:
    """One bit a dimension: whether it is positive. Blocks begin with a byte of their own."""
    return np.hstack([np.packbits(vectors[:, b.start : b.end] > 0, axis=1) for b in blocks])


class Sketch:
    """Needs in two bits a dimension, to be compared with the signs of all passages.

    A block counts by its length in the need; one that a need leaves at zero stays out.
    """

    def __init__(self, needs: Vectors, blocks: Sequence[Block]) -> None:
        self._count = len(needs)
        self._blocks = []
        start = 0
        for block in blocks:
            part = needs[:, block.start : block.end]
            end = start + (part.shape[1] + 7) // 8
            speaking = np.flatnonzero(part.any(axis=1))
            if len(speaking):
                counts = np.rint(_MOST_COUNTED * np.linalg.norm(part[speaking], axis=1))
                levels = _two_bits(part[speaking])
                self._blocks.append((slice(start, end), speaking, counts.astype(int), levels))
            start = end

    def distances(self, codes: Codes) -> NDArray[np.int32]:
        """How far each passage is, roughly: one line a need, one column a passage."""
        found = np.empty((self._count, len(codes)), np.int32)
        for start in range(0, len(codes), _IN_CACHE):
            some = slice(start, start + _IN_CACHE)
            found[:, some] = self._distances(codes[some])
        return found

    def _distances(self, codes: Codes) -> NDArray[np.int32]:
        found = np.zeros((self._count, len(codes)), np.int32)
        for part, speaking, counts, (low, high) in self._blocks:
            own = np.ascontiguousarray(codes[:, part])
            differing = _differing_bits(low, own) + 2 * _differing_bits(high, own)
            found[speaking] += counts[:, None].astype(np.int32) * differing
        return found


def _two_bits(needs: Vectors) -> tuple[Codes, Codes]:
    """The lower and the upper bit of four levels, parted at 0 and one deviation to either side."""
    deviation = np.sqrt(np.square(needs).mean(axis=1, keepdims=True))
    level = np.clip(np.floor(needs / deviation), -2, 1).astype(np.int8) + 2
    return np.packbits(level & 1, axis=1), np.packbits(level >> 1, axis=1)


def _differing_bits(needs: Codes, passages: Codes) -> NDArray[np.int32]:
    faiss: Any = import_module("faiss")
    found = np.empty((len(needs), len(passages)), np.int32)
    left, right, out = map(faiss.swig_ptr, (needs, passages, found))
    faiss.hammings(left, right, len(needs), len(passages), needs.shape[1], out)
    return found
