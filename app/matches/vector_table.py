"""Vectors of passages in PostgreSQL, by pgvector: read once by one worker, had by all machines."""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Self

import numpy as np
from pgvector.sqlalchemy import VECTOR
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.exc import DBAPIError

from matching.encoder import Encoder, Vectors
from matching.postings import Ids
from matching.vector_store import Flags, Nearest, Stores, signed, unsigned
from matching.word_meaning import WordMeaning

logger = logging.getLogger(__name__)

SCHEMA = "cache"
"""Beside the tables of record: no migration makes it, and a backup may leave it out."""
AT_ONCE = 500
"""Vectors written or read by one statement."""
MAKING = 0x7665_6374
"""Number of the lock that is held while the table is made."""

# No width, since another model has another one, and so no index either: search is exact. Wide rows
# stay whole, or each vector would be fetched from a second table.
VECTORS = Table(
    "passage_vectors",
    MetaData(schema=SCHEMA),
    Column("model", String, primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("vector", VECTOR, nullable=False),
    postgresql_with={"toast_tuple_target": 8160},
)
IDS = bindparam("ids", type_=ARRAY(BigInteger))
OURS = VECTORS.c.model == bindparam("of_model")
THESE = OURS & (VECTORS.c.id == IDS.any_())

# Materialised, so that the filter comes first whatever indexes somebody adds: an approximate one
# would look for the nearest of all, and then leave out who is not eligible.
_ELIGIBLE = select(VECTORS.c.id, VECTORS.c.vector).where(THESE).cte("eligible")
_ELIGIBLE = _ELIGIBLE.prefix_with("MATERIALIZED", dialect="postgresql")
_DISTANCE = _ELIGIBLE.c.vector.max_inner_product(bindparam("need", type_=VECTOR))
NEAREST = (
    select(_ELIGIBLE.c.id, -_DISTANCE).order_by(_DISTANCE, _ELIGIBLE.c.id).limit(bindparam("most"))
)


def open_stores(engine: Engine, encoder: Encoder) -> Stores:
    """Return where the vectors of an encoder are shared; nowhere if this server cannot."""
    of_words = f"{encoder.name}, words"
    passages = VectorTable.opened(engine, encoder.name, encoder.dimension, beside=[of_words])
    if passages is None:
        return Stores()
    width = WordMeaning(encoder).dimension
    return Stores(passages, VectorTable(engine, of_words, width))


class VectorTable:
    """A :class:`matching.VectorStore` of one encoder; each call is a short transaction of its own.

    Vectors that cannot be kept or found are passed over: they are worth only time. Not being
    able to list, remove or search is an error.
    """

    def __init__(self, engine: Engine, model: str, dimension: int) -> None:
        # Beside the one who writes records: whoever writes the same vector twice does no harm.
        self._engine = engine.execution_options(writes=False)
        self._model = model
        self._dimension = dimension

    @classmethod
    def opened(
        cls, engine: Engine, model: str, dimension: int, *, beside: Collection[str] = ()
    ) -> Self | None:
        """Return the table, made if need be, without what another model left in it.

        None if this server does not have pgvector, or we may not make a table.

        :param beside: models whose vectors stay as well
        """
        try:
            with engine.execution_options(writes=False).begin() as connection:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({MAKING})"))
                connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
                VECTORS.create(connection, checkfirst=True)
                connection.execute(delete(VECTORS).where(VECTORS.c.model.not_in([model, *beside])))
        except DBAPIError as error:
            logger.warning("index: no vectors are shared between machines: %s", error.orig)
            return None
        return cls(engine, model, dimension)

    @property
    def ids(self) -> Ids:
        with self._engine.begin() as connection:
            found = connection.scalars(select(VECTORS.c.id).where(OURS), self._of_model).all()
        return np.sort(unsigned(np.array(found, np.int64)))

    def put(self, ids: Ids, vectors: Vectors) -> None:
        adding = insert(VECTORS)
        adding = adding.on_conflict_do_update(
            index_elements=[VECTORS.c.model, VECTORS.c.id],
            set_={"vector": adding.excluded.vector},
        )
        pairs = sorted(zip(signed(ids).tolist(), vectors, strict=True), key=lambda pair: pair[0])
        rows = [{"model": self._model, "id": id_, "vector": vector} for id_, vector in pairs]
        for start in range(0, len(rows), AT_ONCE):
            with self._trying("kept") as connection:
                connection.execute(adding, rows[start : start + AT_ONCE])

    def remove(self, ids: Ids) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(VECTORS).where(THESE), self._these(ids))

    def vectors(self, ids: Ids) -> tuple[Flags, Vectors]:
        there = np.zeros(len(ids), np.bool_)
        found = np.zeros((len(ids), self._dimension), np.float32)
        place_of = {id_: place for place, id_ in enumerate(signed(ids).tolist())}
        having = select(VECTORS.c.id, VECTORS.c.vector).where(THESE)
        with self._trying("found") as connection:
            for start in range(0, len(ids), AT_ONCE):
                some = self._these(ids[start : start + AT_ONCE])
                for id_, vector in connection.execute(having, some):
                    there[place_of[id_]] = True
                    found[place_of[id_]] = vector
        return there, found

    def nearest(self, needs: Vectors, eligible: Ids, k: int) -> Nearest:
        asked = {**self._these(eligible), "most": k}
        with self._engine.begin() as connection:
            lines = [connection.execute(NEAREST, {**asked, "need": need}).all() for need in needs]
        wide = (len(needs), len(lines[0]) if lines else 0)
        ids = np.array([[id_ for id_, _ in line] for line in lines], np.int64)
        scores = np.array([[score for _, score in line] for line in lines], np.float32)
        return Nearest(unsigned(ids).reshape(wide), scores.reshape(wide))

    @contextmanager
    def _trying(self, what: str) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            logger.warning("index: vectors were not %s: %s", what, error.orig)

    @property
    def _of_model(self) -> dict[str, object]:
        return {"of_model": self._model}

    def _these(self, ids: Ids) -> dict[str, object]:
        return {**self._of_model, "ids": signed(ids).tolist()}
