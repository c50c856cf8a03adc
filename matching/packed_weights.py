"""Reads the one-file form in which a package carries a small multilingual E5 model."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"E5S1"
_BLOCK = 32
_QUANTISED = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])


class UnreadableModel(ValueError):
    """The file is not a packed model, or not of a known form."""


@dataclass(frozen=True, slots=True)
class Sizes:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int


@dataclass(frozen=True, slots=True)
class PackedModel:
    """``pieces`` are the vocabulary with log probabilities; ``tensors`` are flat arrays."""

    sizes: Sizes
    epsilon: float
    pieces: list[tuple[str, float]]
    tensors: Mapping[str, NDArray[np.float32]]


class _Reader:
    """A cursor over little-endian fields."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.place = 0

    def take(self, form: str) -> tuple[Any, ...]:
        fields = struct.unpack_from("<" + form, self.content, self.place)
        self.place += struct.calcsize("<" + form)
        return fields

    def array(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self.content, kind, count, self.place)
        self.place += found.nbytes
        return found


def read_packed(file: Path) -> PackedModel:
    """:raises UnreadableModel: if the file has another form or ends too early"""
    content = file.read_bytes()
    if content[:4] != _MAGIC:
        raise UnreadableModel(f"{file.name} is not a packed model.")
    reader = _Reader(content)
    try:
        reader.take("4sI")
        sizes = Sizes(*reader.take("7i"))
        epsilon, block = reader.take("fi")
        if block != _BLOCK:
            raise UnreadableModel(f"Blocks of {block} weights are not known.")
        return PackedModel(sizes, epsilon, _pieces(reader), _tensors(reader))
    except (struct.error, ValueError) as error:
        raise UnreadableModel(f"{file.name} cannot be read: {error}") from error


def _pieces(reader: _Reader) -> list[tuple[str, float]]:
    """The vocabulary; the map of rewritten characters behind it is passed over, being NFKC."""
    count, *_special = reader.take("5i")
    [length] = reader.take("Q")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    text = bytes(reader.array("u1", length))
    [_rewritten, rewriting_bytes] = reader.take("iI")
    reader.place += rewriting_bytes
    return [
        (text[start:end].decode(), float(score))
        for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    ]


def _tensors(reader: _Reader) -> dict[str, NDArray[np.float32]]:
    found = {}
    [count] = reader.take("i")
    for _ in range(count):
        [name_length] = reader.take("H")
        name = bytes(reader.array("u1", name_length)).decode()
        kind, size, offset, _length = reader.take("BIQQ")
        found[name] = _weights(reader.content, kind, size, offset)
    return found


def _weights(content: bytes, kind: int, size: int, offset: int) -> NDArray[np.float32]:
    if kind == 0:
        return np.frombuffer(content, "<f4", size, offset)
    blocks = np.frombuffer(content, _QUANTISED, size // _BLOCK, offset)
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    whole = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    scaled: NDArray[np.float32] = whole * blocks["scale"].astype(np.float32)[:, None]
    return scaled.ravel()
