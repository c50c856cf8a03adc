"""Which vectors are near a vector."""

from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.encoder import Vectors

Rows = NDArray[np.int64]


class VectorIndex(Protocol):
    @property
    def vectors(self) -> Vectors: ...

    def similarities(self, queries: Vectors) -> Vectors:
        """Exact dot products of queries with every vector, one line a query."""
        ...

    def nearest(self, queries: Vectors, count: int) -> Rows:
        """Numbers of the vectors that are among the ``count`` nearest of any query, ascending."""
        ...


class FlatIndex:
    """Every vector in memory; exact. FAISS finds the nearest without sorting all."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = np.ascontiguousarray(vectors, np.float32)

    def similarities(self, queries: Vectors) -> Vectors:
        similarities: Vectors = queries @ self.vectors.T
        return similarities

    def nearest(self, queries: Vectors, count: int) -> Rows:
        _, rows = self._faiss.search(np.ascontiguousarray(queries), min(count, len(self.vectors)))
        found: Rows = np.unique(rows[rows >= 0])
        return found

    @cached_property
    def _faiss(self) -> Any:
        import faiss

        index = faiss.IndexFlatIP(self.vectors.shape[1])
        index.add(self.vectors)
        return index
