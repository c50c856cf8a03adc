"""Vectors kept on disk by what was encoded, so that no text is encoded twice."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import numpy as np

from matching.encoder import Encoder, Vectors, encode_in_batches

_AT_ONCE = 500


class CachingEncoder:
    """An encoder that asks another one only for texts it has not seen.

    The file may be shared by runs, also at the same time; a vector is found by the name of the
    encoder, the side (need or passage) and the text. One thread at a time. The file is worth
    only time: a damaged one is made anew, and what cannot be written is encoded again.
    """

    def __init__(
        self,
        encoder: Encoder,
        file: Path | None,
        *,
        only_needs: bool = False,
        most: int | None = None,
    ) -> None:
        """:param file: where to keep the vectors; in memory if None
        :param only_needs: leave out passages, which an index keeps already
        :param most: so many vectors are kept, the newest; all of them if None
        """
        self.encoder = encoder
        self._only_needs = only_needs
        self._most = most
        self._records = _opened(file)

    @property
    def name(self) -> str:
        return self.encoder.name

    @property
    def dimension(self) -> int:
        return self.encoder.dimension

    def encode_needs(self, texts: Sequence[str]) -> Vectors:
        return self._encode("need", texts, self.encoder.encode_needs)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        if self._only_needs:
            return self.encoder.encode_passages(texts)
        return self._encode("passage", texts, self.encoder.encode_passages)

    def _encode(
        self, side: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors]
    ) -> Vectors:
        place = f"{self.name}\0{side}\0"  # once, since a name may be read from the weights
        digests = [sha256((place + text).encode()).digest() for text in texts]
        found = self._stored(digests)
        text_by_digest = dict(zip(digests, texts, strict=True))
        missing = {d: text for d, text in text_by_digest.items() if d not in found}
        fresh = encode_in_batches(encode, list(missing.values()), dimension=self.dimension)
        found.update(zip(missing, fresh, strict=True))
        if missing:
            self._keep([(digest, found[digest].tobytes()) for digest in missing])
        return np.array([found[d] for d in digests], np.float32).reshape(-1, self.dimension)

    def _keep(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        with suppress(sqlite3.OperationalError), self._records:  # no room, or somebody writes
            self._records.executemany("insert or ignore into vector values (?, ?)", rows)
            if self._most is not None:
                newest = "(select max(rowid) from vector)"
                oldest = f"delete from vector where rowid <= {newest} - ?"  # noqa: S608 -- no input
                self._records.execute(oldest, (self._most,))

    def _stored(self, digests: Sequence[bytes]) -> dict[bytes, Vectors]:
        found: dict[bytes, Vectors] = {}
        for start in range(0, len(digests), _AT_ONCE):
            some = digests[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            rows = self._records.execute(
                f"select text, row from vector where text in ({marks})",  # noqa: S608 -- only marks
                some,
            )
            found.update((digest, np.frombuffer(row, np.float32)) for digest, row in rows)
        return found


def _opened(file: Path | None) -> sqlite3.Connection:
    if file is None:
        return _with_table(":memory:")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _with_table(file)
    except sqlite3.DatabaseError:
        file.unlink()
        return _with_table(file)


def _with_table(place: Path | str) -> sqlite3.Connection:
    records = sqlite3.connect(place, check_same_thread=False)
    records.execute("create table if not exists vector (text blob primary key, row blob)")
    return records
