"""No text is encoded twice."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from typing_extensions import override

from matching import HashingEncoder
from matching.encoder import Vectors, encode_in_batches
from matching.vector_cache import CachingEncoder


class CountingEncoder(HashingEncoder):
    def __init__(self, dimension: int = 64) -> None:
        super().__init__(dimension)
        self.count = 0

    @override
    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.count += len(texts)
        return super().encode_passages(texts)


def test_a_second_run_reads_what_the_first_has_written(tmp_path: Path) -> None:
    first, second = CountingEncoder(), CountingEncoder()
    texts = ["one text", "another", "one text"]

    written = CachingEncoder(first, tmp_path / "new" / "vectors").encode_passages(texts)
    read = CachingEncoder(second, tmp_path / "new" / "vectors").encode_passages(texts)

    assert (first.count, second.count) == (2, 0)
    assert np.array_equal(written, read)
    assert np.array_equal(written, HashingEncoder(64).encode_passages(texts))


def test_needs_and_passages_and_encoders_are_kept_apart(tmp_path: Path) -> None:
    one, other = CountingEncoder(64), CountingEncoder(32)

    CachingEncoder(one, tmp_path / "vectors").encode_passages(["text"])
    CachingEncoder(one, tmp_path / "vectors").encode_needs(["text"])
    CachingEncoder(other, tmp_path / "vectors").encode_passages(["text"])

    assert (one.count, other.count) == (2, 1)


def test_passages_can_be_left_out(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    cached = CachingEncoder(encoder, tmp_path / "vectors", only_needs=True)

    for encode in (cached.encode_needs, cached.encode_passages):
        for _ in range(2):
            encode(["text"])

    assert encoder.count == 1 + 2  # the need once, the passage each time


def test_the_newest_are_kept(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    cached = CachingEncoder(encoder, tmp_path / "vectors", most=2)
    for text in ("first", "second", "third"):
        cached.encode_needs([text])

    cached.encode_needs(["second", "third"])
    assert encoder.count == 3
    cached.encode_needs(["first"])
    assert encoder.count == 4


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "vectors").write_bytes(b"not a database" * 100)
    first, second = CountingEncoder(), CountingEncoder()

    written = CachingEncoder(first, tmp_path / "vectors").encode_needs(["text"])
    read = CachingEncoder(second, tmp_path / "vectors").encode_needs(["text"])

    assert (first.count, second.count) == (1, 0)
    assert np.array_equal(written, read)


def test_what_cannot_be_written_is_encoded_again(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    cached = CachingEncoder(encoder, tmp_path / "vectors")
    cached.encode_needs(["kept"])
    cached._records.execute("pragma max_page_count = 1")  # noqa: SLF001 -- the disk is full
    long = [f"text {number}" for number in range(200)]

    assert np.array_equal(cached.encode_needs(long), cached.encode_needs(long))
    cached.encode_needs(["kept"])
    assert encoder.count == 1 + 2 * 200


def test_nothing_to_encode() -> None:
    assert CachingEncoder(CountingEncoder(), None).encode_needs([]).shape == (0, 64)


def test_batches_come_back_in_order() -> None:
    encoder = HashingEncoder(64)
    texts = [f"text number {number} " * (number % 7) for number in range(50)]

    batched = encode_in_batches(encoder.encode_passages, texts, dimension=64, batch_size=8)

    assert np.array_equal(batched, encoder.encode_passages(texts))
