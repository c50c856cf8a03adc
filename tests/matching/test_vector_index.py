"""Closeness is exact for the rows asked for, and rough, but seldom far off, for all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.encoder import Vectors, unit
from matching.encoder_pair import Block
from matching.vector_index import Sketch, packed, signs, similarities

ONE_BLOCK = (Block(0, 48),)
TWO_BLOCKS = (Block(0, 20), Block(20, 48))


def some_vectors(count: int, seed: int) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, 48)))


PASSAGES = some_vectors(300, seed=1)
NEEDS = some_vectors(7, seed=2)
ALL = np.arange(300)


def test_similarities_are_those_of_the_vectors() -> None:
    assert similarities(NEEDS, packed(PASSAGES), ALL) == pytest.approx(NEEDS @ PASSAGES.T, abs=2e-4)


@given(st.lists(st.integers(0, 299)), st.integers(1, 7))
def test_similarities_do_not_depend_on_what_else_is_asked(rows: list[int], needs: int) -> None:
    whole = similarities(NEEDS, packed(PASSAGES), ALL)

    some = similarities(NEEDS[:needs], packed(PASSAGES), np.array(rows, np.int64))

    assert np.array_equal(some, whole[:needs, rows])


def test_nothing_is_similar_to_nobody() -> None:
    assert similarities(NEEDS, packed(PASSAGES), ALL[:0]).shape == (7, 0)


@pytest.mark.parametrize("blocks", [ONE_BLOCK, TWO_BLOCKS])
def test_the_nearest_are_roughly_near(blocks: tuple[Block, ...]) -> None:
    near = unit(PASSAGES[:7] + 0.5 * NEEDS)

    distances = Sketch(near, blocks).distances(signs(packed(PASSAGES), blocks))

    assert list(distances.argmin(axis=1)) == list(range(7))


def test_a_block_that_is_silent_in_a_need_has_no_say() -> None:
    needs = NEEDS.copy()
    needs[3:, 20:] = 0
    changed = np.hstack([PASSAGES[:, :20], some_vectors(300, seed=3)[:, 20:]])

    before = Sketch(needs, TWO_BLOCKS).distances(signs(packed(PASSAGES), TWO_BLOCKS))
    after = Sketch(needs, TWO_BLOCKS).distances(signs(packed(changed), TWO_BLOCKS))

    assert np.array_equal(before[3:], after[3:])
    assert not np.array_equal(before[:3], after[:3])


def test_what_is_opposite_is_as_far_as_can_be() -> None:
    need = np.full((1, 48), 1 / np.sqrt(48), np.float32)

    distances = Sketch(need, ONE_BLOCK).distances(
        signs(packed(np.vstack([need, -need])), ONE_BLOCK)
    )

    assert list(distances[0]) == [0, 8 * 3 * 48]
