"""Several segments made into one, without what is gone from them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

import numpy as np

from matching.packed_strings import PackedStrings
from matching.postings import Postings
from matching.segment import MOST_ROWS, Flags, Rows, RowTable, Segment, WordTable

Part = tuple[Segment, Flags]
"""A segment, and which of its profiles are known still."""

_SMALL = 1024
"""Segments with fewer windows are always merged with the next small one."""

_TOO_MANY_GONE = 0.2
"""Share of a segment's profiles; beyond it the segment is written anew without them."""


def tidied(parts: Sequence[Part]) -> list[Part]:
    """The same profiles in few parts: small ones merged, as long as that is cheap for what it
    saves, and those of which much is gone written anew. Parts grow by doubling, so each profile
    is copied a few times only.
    """
    by_size = sorted((_without_gone(part) for part in parts), key=_size)
    while len(by_size) > 1 and _belong_together(*by_size[:2]):
        together = _whole(merged(by_size[:2]))
        by_size = sorted([together, *by_size[2:]], key=_size)
    return by_size


def _belong_together(small: Part, large: Part) -> bool:
    worth_it = _size(large) <= max(_SMALL, 2 * _size(small))
    return worth_it and _size(small) + _size(large) <= MOST_ROWS


def _size(part: Part) -> int:
    segment, alive = part
    return int(alive[segment.rows.profile].sum())


def _without_gone(part: Part) -> Part:
    _, alive = part
    gone = len(alive) - alive.sum()
    return _whole(merged([part])) if gone > _TOO_MANY_GONE * len(alive) else part


def _whole(segment: Segment) -> Part:
    return segment, np.ones(len(segment.keys), np.bool_)


def merged(parts: Sequence[Part]) -> Segment:
    """:param parts: segments, and which of their profiles to keep"""
    kept = list(_kept(parts))
    return Segment(
        keys=PackedStrings.of_bytes(key for each in kept for key in each.strings("keys")),
        documents=PackedStrings.of_bytes(
            text for each in kept for text in each.strings("documents")
        ),
        digests=np.concatenate([each.segment.digests[each.profiles] for each in kept]),
        rows=_joined_rows(kept),
        vectors=np.concatenate([each.segment.vectors[each.rows] for each in kept]),
        signs=np.hstack([np.take(each.segment.signs, each.rows, axis=1) for each in kept]),
        by_profile=Postings.merged([(each.segment.by_profile, each.new_profile) for each in kept]),
        by_row=Postings.merged([(each.segment.by_row, each.new_row) for each in kept]),
        words=_joined_words(kept),
    )


class _Kept(NamedTuple):
    """What is left of a segment, and the new number of each profile and row: -1 if it is gone."""

    segment: Segment
    profiles: Rows
    rows: Rows
    new_profile: Rows
    new_row: Rows

    @classmethod
    def of(cls, segment: Segment, alive: Flags, first_profile: int, first_row: int) -> Self:
        rows_alive = alive[segment.rows.profile]
        return cls(
            segment,
            np.flatnonzero(alive),
            np.flatnonzero(rows_alive),
            np.where(alive, first_profile + np.cumsum(alive) - 1, -1),
            np.where(rows_alive, first_row + np.cumsum(rows_alive) - 1, -1),
        )

    def strings(self, field: str) -> Iterator[bytes]:
        return map(getattr(self.segment, field).bytes_of, self.profiles)


def _kept(parts: Sequence[Part]) -> Iterator[_Kept]:
    profiles = rows = 0
    for segment, alive in parts:
        kept = _Kept.of(segment, alive, profiles, rows)
        yield kept
        profiles += len(kept.profiles)
        rows += len(kept.rows)


def _joined_rows(kept: Sequence[_Kept]) -> RowTable:
    tables = [RowTable._make(column[each.rows] for column in each.segment.rows) for each in kept]
    moved = [
        table._replace(profile=each.new_profile[table.profile].astype(np.int32))
        for each, table in zip(kept, tables, strict=True)
    ]
    return RowTable._make(map(np.concatenate, zip(*moved, strict=True)))


def _joined_words(kept: Sequence[_Kept]) -> WordTable:
    """All words: those of passages that are gone may be met again."""
    ids = np.concatenate([each.segment.words.ids for each in kept])
    vectors = np.concatenate([each.segment.words.vectors for each in kept])
    distinct, first = np.unique(ids, return_index=True)
    return WordTable(distinct, vectors[first])
