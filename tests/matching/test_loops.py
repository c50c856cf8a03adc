"""Compiled loops tell what the same lines of numpy tell."""

import numpy as np
import pytest

from matching.loops import Lines, distances, products  # noqa: TID253 -- what is tested here
from matching.word_loops import (  # noqa: TID253 -- what is tested here
    add_shares,
    best_sentence,
    carrying,
    count_places,
    products_of_bytes,
)

RANDOM = np.random.default_rng(5)


def some_bits(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    return RANDOM.integers(0, 2**64, shape, dtype=np.uint64)


@pytest.mark.parametrize(("start", "end"), [(0, 700), (3, 3), (250, 530)])
def test_a_distance_counts_differing_bits_of_each_piece(start: int, end: int) -> None:
    codes = some_bits(2, 700, 8)
    counts = RANDOM.integers(0, 9, (3, 2)).astype(np.uint64)
    lines = Lines(some_bits(3, 2, 8), some_bits(3, 2, 8), counts)
    found = np.empty((3, end - start), np.uint64)

    distances(codes, lines, start, end, found)

    low, high = (
        np.bitwise_count(codes[None] ^ bits[:, :, None]).sum(axis=-1, dtype=np.uint64)
        for bits in (lines.low, lines.high)
    )
    expected = (counts[:, :, None] * (low + 2 * high)).sum(axis=1)[:, start:end]
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("rows", [[], [7], [1, 2, 5, 9], [0, 1, 2, 3, 4, 5, 6, 7, 8]])
def test_products_of_whole_numbers_are_exact(rows: list[int]) -> None:
    passages = RANDOM.integers(-(2**15), 2**15, (10, 768)).astype(np.int16)
    needs = RANDOM.integers(-(2**24), 2**24, (3, 768))

    found = products(passages, np.array(rows, np.int64), needs.astype(np.float64))

    assert np.array_equal(found, needs @ passages[rows].astype(np.int64).T)


def test_products_of_bytes_do_not_overflow() -> None:
    vectors = RANDOM.integers(-127, 128, (9, 384)).astype(np.int8)
    rows, found = np.array([8, 0, 8]), np.empty((4, 3), np.int32)

    products_of_bytes(vectors, rows, found)

    whole = vectors.astype(np.int64)
    assert np.array_equal(found, whole[:4] @ whole[rows].T)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint32])
def test_places_are_counted_up_to_what_a_byte_holds(kind: type) -> None:
    counts = np.zeros(4, np.uint8)

    count_places(np.array([1, 3, *[2] * 300], kind), counts)

    assert counts.tolist() == [0, 1, 255, 1]


def test_shares_are_added_where_a_word_stands() -> None:
    scores, norm = np.array([1.0, 2.0, 3.0]), np.array([0.5, 1.0, 2.0])

    add_shares(np.array([0, 2], np.uint16), np.array([1, 2], np.uint8), 3.0, norm, scores)

    assert scores.tolist() == [1 + 3 * (1 / 1.5), 2, 3 + 3 * (2 / 4)]


def test_the_earliest_of_the_best_sentences_is_chosen() -> None:
    near = np.array([[0.2, 0, 0.9, 0, 0.9], [0, 0.6, 0, 0.3, 0.3]], np.float32)

    assert best_sentence(near, np.array([[0, 0], [0, 2], [2, 4], [4, 5]])) == 2
    assert best_sentence(near, np.array([[0, 0]])) == 0


def test_words_that_carry_are_those_near_to_any_word_asked_for() -> None:
    near = np.array([[0.9, 0, 0.4, 0, 0.9], [0, 0.5, 0.4, 0, 0.9]], np.float32)

    assert carrying(near, np.array([1, 5]), 0.5).tolist() == [1, 4]
    assert carrying(near, np.array([2, 4]), 0.5).tolist() == []
