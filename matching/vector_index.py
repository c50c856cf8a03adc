"""How near passages are to a need: exactly for some, roughly for all."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.encoder import Vectors
from matching.encoder_pair import Block
from matching.threads import shared

Packed = NDArray[np.int16]
Codes = NDArray[np.uint8]

_STEPS = 2.0**15 - 1
_NEED_STEPS = 2.0**24
_AT_ONCE = 1024
_PIECE = 384
_MOST_COUNTED = 8


def packed(vectors: Vectors) -> Packed:
    """Vectors of length one in half the memory, each number to the nearest of 65,535 steps."""
    return np.asarray(np.rint(vectors * _STEPS), np.int16)


def unpacked(vectors: Packed) -> Vectors:
    """What :func:`packed` was given, about."""
    return np.asarray(vectors / _STEPS, np.float32)


def similarities(needs: Vectors, passages: Packed, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Inner products, one line a need, one column a row.

    They are sums of whole numbers below 2**53, hence the same to the last bit in whatever order
    and company they are computed: what is said of one passage depends on no other.
    """
    from matching.loops import products

    whole = np.rint(needs.astype(np.float64) * _NEED_STEPS)
    found = np.empty((len(needs), len(rows)))
    starts = range(0, len(rows), _AT_ONCE)

    def measure(start: int) -> None:
        some = slice(start, start + _AT_ONCE)
        found[:, some] = products(passages, rows[some], whole)

    if len(starts) <= 1:
        found[:] = products(passages, rows, whole)
    else:
        shared(measure, starts)
    found /= _STEPS * _NEED_STEPS
    return found


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


def crossed(passages: Packed, rows: NDArray[np.int64], block: Block) -> NDArray[np.float64]:
    """Of each dimension with each, summed up; the same in whatever order: whole numbers below
    2**53 as long as there are fewer than a million rows.
    """
    size = block.end - block.start
    total = np.zeros((size, size))
    for start in range(0, len(rows), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        part = passages[rows[some], block.start : block.end].astype(np.float64)
        total += part.T @ part
    return total / _STEPS**2


def signs(vectors: Packed, blocks: Sequence[Block]) -> Codes:
    """One bit a dimension: whether it is positive. In pieces of 384 dimensions, as many as the
    usual encoders have; the last of each block is filled up with zeros.

    :returns: (pieces, vectors, 48)
    """
    return _in_pieces(vectors > 0, blocks)


class Sketch:
    """Needs in two bits a dimension, to be compared with the signs of all passages.

    A block counts by its length in the need; one that a need leaves at zero stays out.
    """

    def __init__(self, needs: Vectors, blocks: Sequence[Block]) -> None:
        from matching.loops import Lines

        levels = np.hstack([_levels(needs[:, block.start : block.end]) for block in blocks])
        lengths = [np.linalg.norm(needs[:, b.start : b.end], axis=1) for b in blocks]
        counts = np.rint(_MOST_COUNTED * np.array(lengths)).astype(np.uint64)
        self.lines = Lines(
            low=_by_line(levels & 1, blocks),
            high=_by_line(levels >> 1, blocks),
            counts=np.repeat(counts, [_pieces(block) for block in blocks], axis=0).T.copy(),
        )

    def distances(self, codes: Codes) -> NDArray[np.int32]:
        """How far each passage is, roughly: one line a need, one column a passage."""
        from matching.loops import distances

        found = np.empty((len(self.lines.low), codes.shape[1]), np.uint64)
        distances(codes.view(np.uint64), self.lines, 0, codes.shape[1], found)
        return found.astype(np.int32)


def _pieces(block: Block) -> int:
    return -(-(block.end - block.start) // _PIECE)


def _in_pieces(bits: NDArray[Any], blocks: Sequence[Block]) -> Codes:
    codes = [np.packbits(bits[:, block.start : block.end], axis=1) for block in blocks]
    padded = [_padded(own, _pieces(block)) for own, block in zip(codes, blocks, strict=True)]
    pieces = np.hstack(padded).reshape(len(bits), sum(map(_pieces, blocks)), _PIECE // 8)
    return np.ascontiguousarray(pieces.swapaxes(0, 1))


def _by_line(bits: NDArray[Any], blocks: Sequence[Block]) -> NDArray[np.uint64]:
    """As numbers of 64 bits: (vectors, pieces, 6)."""
    codes = _in_pieces(bits, blocks).swapaxes(0, 1)
    return np.ascontiguousarray(codes).view(np.uint64)


def _padded(codes: Codes, pieces: int) -> Codes:
    return np.pad(codes, ((0, 0), (0, pieces * _PIECE // 8 - codes.shape[1])))


def _levels(needs: Vectors) -> NDArray[np.int8]:
    """Four levels, parted at 0 and one deviation to either side."""
    deviation = np.sqrt(np.square(needs).mean(axis=1, keepdims=True))
    levels = np.floor(needs / np.maximum(deviation, 1e-9))
    return np.asarray(np.clip(levels, -2, 1) + 2, np.int8)
