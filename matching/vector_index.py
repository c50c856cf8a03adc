"""How near passages are to a need: the nearest exactly, all others by what they cannot exceed."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.encoder import Vectors

Rows = NDArray[np.int64]

CANDIDATES = 20_000
"""So many windows are told apart for each line of a need, two hundred times what a list of fifty
with three windows each can show. Collections up to this size are compared in full."""


class VectorIndex:
    """Inner products by FAISS, exact for the nearest vectors of each query.

    A vector beyond those gets the similarity of the last of them, which it cannot exceed: it may
    be overrated by a little, but never falls below another one of its kind, and the cost of what
    follows a search stays bounded.
    """

    def __init__(self, vectors: Vectors, *, candidates: int = CANDIDATES) -> None:
        import faiss

        self._candidates = min(candidates, len(vectors))
        self._index: Any = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors, np.float32))

    def similarities(self, queries: Vectors) -> Vectors:
        """One line a query, one column a vector, in the order they were given."""
        if not self._candidates:
            return np.zeros((len(queries), 0), np.float32)
        nearest, numbers = self._index.search(
            np.ascontiguousarray(queries, np.float32), self._candidates
        )
        similarities: Vectors = np.repeat(nearest[:, -1:], self._index.ntotal, axis=1)
        np.put_along_axis(similarities, numbers, nearest, axis=1)
        return similarities
