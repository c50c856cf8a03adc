"""FAISS finds what a matrix product would, and bounds what it leaves out."""

import numpy as np
import pytest

from matching.encoder import Vectors, unit
from matching.vector_index import VectorIndex


def some_vectors(count: int, seed: int) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, 48)))


PASSAGES = some_vectors(300, seed=1)
QUERIES = some_vectors(7, seed=2)
PRODUCTS = QUERIES @ PASSAGES.T


def test_a_small_collection_is_compared_in_full() -> None:
    similarities = VectorIndex(PASSAGES).similarities(QUERIES)

    assert similarities == pytest.approx(PRODUCTS, abs=1e-6)


def test_beyond_the_nearest_the_last_of_them_is_the_bound() -> None:
    similarities = VectorIndex(PASSAGES, candidates=40).similarities(QUERIES)

    fortieth = np.sort(PRODUCTS, axis=1)[:, -40][:, None]
    assert similarities == pytest.approx(np.maximum(PRODUCTS, fortieth), abs=1e-6)


def test_the_order_of_the_vectors_does_not_matter() -> None:
    twice = np.vstack([PASSAGES, PASSAGES])  # so that the last of the nearest is a tie
    shuffled = np.random.default_rng(3).permutation(len(twice))

    straight = VectorIndex(twice, candidates=41).similarities(QUERIES)
    mixed = VectorIndex(twice[shuffled], candidates=41).similarities(QUERIES)

    assert np.array_equal(straight[:, shuffled], mixed)


def test_an_empty_collection_has_no_similarities() -> None:
    assert VectorIndex(np.zeros((0, 48), np.float32)).similarities(QUERIES).shape == (7, 0)
