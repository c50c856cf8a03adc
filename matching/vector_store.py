"""Where vectors of texts are kept outside an index, to be had again and to be searched exactly."""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.encoder import Vectors
from matching.postings import Ids, found_at

Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]

_HALF = np.uint64(1 << 63)


class Nearest(NamedTuple):
    """One line a need, nearest first; scores are inner products."""

    ids: Ids
    scores: Vectors


class VectorStore(Protocol):
    """Vectors of one encoder by the id of what was encoded. What an id stands for never changes,
    so a vector may be missing but is never out of date, whoever writes beside us.
    """

    @property
    def ids(self) -> Ids:
        """Of all that is kept, ascending."""

    def put(self, ids: Ids, vectors: Vectors) -> None:
        """Keep vectors, in the place of those of the same ids.

        :param ids: distinct
        """

    def remove(self, ids: Ids) -> None:
        """Forget vectors; ids that are not known are passed over."""

    def vectors(self, ids: Ids) -> tuple[Flags, Vectors]:
        """Which of the ids are known, and their vectors, zeros for the others."""

    def nearest(self, needs: Vectors, eligible: Ids, k: int) -> Nearest:
        """Return the nearest of those that are eligible and kept, ties in the order of ids.

        Filtered first, then exact: each line has ``k`` entries, or all there are if fewer.

        :param eligible: distinct
        """


class Stores(NamedTuple):
    """Where an engine keeps what it encodes, if anywhere: windows of passages, and single words,
    packed, whose numbers are whole.
    """

    passages: VectorStore | None = None
    words: VectorStore | None = None


NOWHERE = Stores()


def had_or_made(
    store: VectorStore | None, ids: Ids, make: Callable[[Rows], NDArray[Any]]
) -> NDArray[Any]:
    """Return vectors out of a store; make those it does not have, and keep them there.

    :param ids: distinct
    :param make: given the places of the ids that are missing
    """
    if store is None:
        return make(np.arange(len(ids)))
    there, vectors = store.vectors(ids)
    missing = np.flatnonzero(~there)
    if len(missing):
        vectors[missing] = make(missing)
        store.put(ids[missing], vectors[missing])
    return vectors


class FlatStore:
    """In memory, by a flat index of FAISS. One thread at a time."""

    def __init__(self, dimension: int) -> None:
        from faiss import IndexFlatIP, IndexIDMap2

        self._dimension = dimension
        self._index: Any = IndexIDMap2(IndexFlatIP(dimension))
        self._ids: Ids = np.zeros(0, np.uint64)

    @property
    def ids(self) -> Ids:
        return self._ids

    def put(self, ids: Ids, vectors: Vectors) -> None:
        self.remove(ids)
        self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), signed(ids))
        self._ids = np.union1d(self._ids, ids)

    def remove(self, ids: Ids) -> None:
        self._index.remove_ids(signed(ids))
        self._ids = np.setdiff1d(self._ids, ids)

    def vectors(self, ids: Ids) -> tuple[Flags, Vectors]:
        there = found_at(self._ids, ids)[0]
        found = np.zeros((len(ids), self._dimension), np.float32)
        if there.any():
            found[there] = self._index.reconstruct_batch(signed(ids[there]))
        return there, found

    def nearest(self, needs: Vectors, eligible: Ids, k: int) -> Nearest:
        chosen = eligible[found_at(self._ids, eligible)[0]]
        k = min(k, len(chosen))
        if not k or not len(needs):
            return Nearest(np.zeros((len(needs), k), np.uint64), np.zeros((len(needs), k), "f4"))
        scores, ids = self._beyond_ties(np.ascontiguousarray(needs, np.float32), chosen, k)
        order = np.lexsort((ids, -scores), axis=1)[:, :k]
        return Nearest(np.take_along_axis(ids, order, 1), np.take_along_axis(scores, order, 1))

    def _beyond_ties(self, needs: Vectors, chosen: Ids, k: int) -> tuple[Vectors, Ids]:
        """So many that none is left out that is as near as the last one wanted."""
        from faiss import IDSelectorBatch, SearchParameters

        parameters: Any = SearchParameters  # its keywords are unknown before it runs
        only_these = parameters(sel=IDSelectorBatch(signed(chosen)))
        sought = k
        while True:
            sought = min(sought + 1, len(chosen))
            scores, ids = self._index.search(needs, sought, params=only_these)
            if sought == len(chosen) or (scores[:, -1] < scores[:, k - 1]).all():
                return scores, unsigned(ids)
            sought *= 2


def signed(ids: Ids) -> Rows:
    """Ids for those who know only signed numbers, in the same order."""
    return (ids ^ _HALF).view(np.int64)


def unsigned(numbers: Rows) -> Ids:
    """The ids that :func:`signed` was given."""
    return np.asarray(numbers, np.int64).view(np.uint64) ^ _HALF
