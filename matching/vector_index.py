"""How near every passage is to a need."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matching.encoder import Vectors

Rows = NDArray[np.int64]


class VectorIndex(Protocol):
    def similarities(self, queries: Vectors) -> Vectors:
        """Dot products of queries with every vector, one line a query."""
        ...


class FlatIndex:
    """Every vector in memory, compared exactly.

    All similarities are wanted, not only the highest: a profile is scored by its best passages,
    however far down they are. One matrix product gives them without sorting anything.
    """

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = np.ascontiguousarray(vectors, np.float32)

    def similarities(self, queries: Vectors) -> Vectors:
        similarities: Vectors = queries @ self.vectors.T
        return similarities
