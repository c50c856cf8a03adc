"""What is left of profiles whose copied passages count for nothing."""

import numpy as np
from numpy.typing import NDArray

from matching.background import Numbers
from matching.keyword_index import Sought
from matching.lazy import lazy
from matching.passage_index import PassageIndex
from matching.postings import Stretches
from matching.segment import Rows


class Remains:
    """The words that profiles share with a need's theme in some of their rows."""

    def __init__(self, index: PassageIndex, own: Sought, names: Sought) -> None:
        """:param own: words of the theme, ``names`` those that any language shares"""
        self._index = index
        self._own = own
        self._names = names

    def word_shares(self, rows: Rows, owners: Rows, count: int) -> tuple[Numbers, Numbers]:
        """Own words and names of the theme that each profile has in the rows that are left of it.

        :param rows: of the index, ascending
        :param owners: which profile each is of, from 0 on
        :param count: of profiles; of some nothing may be left
        """
        words, asked = self._index.words, len(self._own.ids)
        terms = np.bincount(owners, self._index.terms_of_row[rows], minlength=count)
        counts = np.zeros((count, asked + len(self._names.ids)), np.int64)
        np.add.at(counts, owners, self._counts(rows))
        own = words.shares_of(self._own, counts[:, :asked], terms)
        return own, words.shares_of(self._names, counts[:, asked:], terms)

    def _counts(self, rows: Rows) -> NDArray[np.uint8]:
        """How often each term stands in some rows: (rows, terms)."""
        size = len(self._own.ids) + len(self._names.ids)
        parts = zip(self._index.apart(rows), self._stretches, strict=True)
        found = [segment.by_row.counts_at(own, each, size) for (segment, own), each in parts]
        return np.vstack([np.zeros((0, size), np.uint8), *found])

    @lazy
    def _stretches(self) -> list[Stretches]:
        """Where the terms are in each segment."""
        ids = np.concatenate([self._own.ids, self._names.ids])
        return [segment.by_row.stretches(ids) for segment in self._index.segments]
