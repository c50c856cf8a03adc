"""Compiled loops tell what the same lines of numpy tell."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matching.loops import Lines, distances, products  # noqa: TID253 -- what is tested here
from matching.word_loops import (  # noqa: TID253 -- what is tested here
    Compared,
    Limits,
    add_shares,
    chosen,
    closeness,
    count_places,
    unlike,
)

RANDOM = np.random.default_rng(5)


def some_bits(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    return RANDOM.integers(0, 2**64, shape, dtype=np.uint64)


@pytest.mark.parametrize(("start", "end"), [(0, 700), (3, 3), (250, 530)])
def test_a_distance_counts_differing_bits_of_each_piece(start: int, end: int) -> None:
    codes = some_bits(2, 700, 6)
    counts = RANDOM.integers(0, 9, (3, 2)).astype(np.uint64)
    lines = Lines(some_bits(3, 2, 6), some_bits(3, 2, 6), counts)
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


@pytest.mark.parametrize(("start", "end"), [(0, 9), (1, 8), (4, 4)])
def test_closeness_is_told_by_the_angle_between_two_words(start: int, end: int) -> None:
    asked, said = (RANDOM.integers(-127, 128, (size, 384)).astype(np.int8) for size in (3, 9))
    said[3], said[6] = asked[2], 0
    found = np.full((3, 9), -1, np.float32)

    closeness(asked, said, Limits(-0.1, 0.6), (start, end), found)

    products = asked.astype(np.int64) @ said.astype(np.int64).T
    lengths = [np.linalg.norm(each.astype(float), axis=1) for each in (asked, said)]
    cosines = products / np.maximum(np.outer(*lengths), 1e-9)
    true = np.clip((cosines + 0.1) / 0.7, 0, 1)
    assert found[:, start:end] == pytest.approx(true[:, start:end], abs=1e-6)
    assert (found[:, :start] == -1).all()
    assert (found[:, end:] == -1).all()


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint32])
def test_places_are_counted_up_to_what_a_byte_holds(kind: type) -> None:
    counts = np.zeros((2, 4), np.uint8)
    places: NDArray[Any] = np.array([0, 1, 3, *[2] * 300, 3]).astype(kind)

    count_places(
        places, (np.array([1, 1, 0]), np.array([1, 3, 303]), np.array([3, 303, 304])), counts
    )

    assert counts.tolist() == [[0, 0, 0, 1], [0, 1, 255, 1]]


def test_shares_are_added_where_words_stand() -> None:
    scores, norm = np.array([1.0, 2.0, 3.0]), np.array([0.5, 1.0, 2.0])
    postings = np.array([1, 0, 2, 0], np.uint16), np.array([9, 1, 2, 1], np.uint8)
    stretches = np.array([0, 2]), np.array([1, 3]), np.array([3, 4])

    add_shares(postings, stretches, np.array([3.0, 100.0, 6.0]), norm, scores)

    assert scores.tolist() == [1 + 3 * (1 / 1.5) + 6 * (1 / 1.5), 2, 3 + 3 * (2 / 4)]


def compared(pairs: list[tuple[int, int]]) -> Compared:
    """Two requirements of two words each, against a row of four sentences and one without words.
    Only the first word of the second requirement is said, at the very end.
    """
    return Compared(
        pairs=np.array(pairs, np.int64),
        asked=np.array([0, 1, 2, 0]),
        asked_ends=np.array([0, 2, 4]),
        said_ends=np.array([0, 0, 2, 4, 5, 5]),
        row_ends=np.array([0, 4, 5]),
        stems_asked=np.array([[0, 1, 2]]),
        stems_said=np.array([[-1, -1, -1, -1, 2]]),
    )


NEAR = np.array([[0.2, 0, 0.9, 0, 0.9], [0, 0.6, 0, 0.3, 0.3], [0, 0, 0, 0, 0]], np.float32)


def test_what_has_few_words_in_common_is_unlike() -> None:
    assert unlike(compared([(0, 0), (1, 0), (1, 1)]), 0.5).tolist() == [True, False, False]
    assert unlike(compared([(1, 0)]), 0.51).tolist() == [True]


def test_the_earliest_of_the_best_sentences_is_chosen_with_the_words_that_carry() -> None:
    pairs = compared([(0, 0), (1, 0), (0, 1)])

    best, carries = chosen(pairs, np.array([True, False, False]), NEAR, np.arange(5), 0.5)

    assert best.tolist() == [2, 3, 4]
    assert carries.tolist() == [[True, False], [True, False], [False, False]]
