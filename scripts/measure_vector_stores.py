"""Search exactly among few of many vectors: in memory, in PostgreSQL, and by an approximate index.

Takes an empty database of PostgreSQL, and fills it with vectors of chance around some topics.
"""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter
from typing import TypeVar

import numpy as np
from sqlalchemy import Engine, bindparam, inspect, select
from sqlalchemy.orm import Session

from app.core.database import open_engine
from app.matches.vector_table import SCHEMA, VECTORS, VectorTable
from matching.encoder import Vectors, unit
from matching.postings import Ids
from matching.vector_store import FlatStore, VectorStore, signed, unsigned

MODEL = "vectors of chance"
TOPICS = 500
T = TypeVar("T")
Search = Callable[[Vectors], Ids]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill both, ask both the same, and print one line a way of searching."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", help="URL of an empty database, with pgvector installed")
    parser.add_argument("--vectors", type=int, default=20_000)
    parser.add_argument("--width", type=int, default=384)
    parser.add_argument("--share", type=float, default=0.01, help="of vectors that are eligible")
    parser.add_argument("--needs", type=int, default=50)
    parser.add_argument("--k", type=int, default=10)
    options = parser.parse_args(arguments)
    engine = open_engine(options.database)
    if inspect(engine).get_table_names() or inspect(engine).get_table_names(schema=SCHEMA):
        parser.error("this database is not empty")
    lot = np.random.default_rng(6)
    vectors = of_chance(lot, options.vectors + options.needs, options.width)
    vectors, needs = vectors[: options.vectors], vectors[options.vectors :]
    ids = np.arange(options.vectors, dtype=np.uint64)
    eligible = np.sort(lot.choice(ids, int(options.vectors * options.share), replace=False))
    flat, table = FlatStore(options.width), VectorTable.opened(engine, MODEL, options.width)
    if table is None:
        parser.error("this database has no pgvector")
    for name, store in (("FAISS", flat), ("pgvector", table)):
        _, seconds = timed(partial(store.put, ids, vectors))
        print(f"{name}: {seconds:.1f} s to keep {len(ids)} vectors of {options.width}")
    _, seconds = timed(partial(table.vectors, ids))
    print(f"pgvector: {seconds:.1f} s to have them all again")
    truth = [line for need in needs for line in exactly(flat, eligible, options.k)(need[None])]
    for name, search in (
        ("FAISS flat, filtered first", exactly(flat, eligible, options.k)),
        ("pgvector, filtered first", exactly(table, eligible, options.k)),
        ("pgvector HNSW, as it comes", approximately(engine, eligible, options.k, options.width)),
    ):
        tell(name, search, needs, truth)


def of_chance(lot: np.random.Generator, count: int, width: int) -> Vectors:
    """Vectors around topics, as those of texts are."""
    topics = lot.normal(size=(TOPICS, width))
    return unit(topics[lot.integers(TOPICS, size=count)] + lot.normal(size=(count, width)))


def exactly(store: VectorStore, eligible: Ids, k: int) -> Search:
    """Search as a store does."""
    return lambda needs: store.nearest(needs, eligible, k).ids


def approximately(engine: Engine, eligible: Ids, k: int, width: int) -> Search:
    """Search by an index that looks for the nearest of all, and then leaves some out."""
    with engine.begin() as connection:
        for statement in (
            f"ALTER TABLE {VECTORS.fullname} ALTER vector TYPE vector({width})",
            f"CREATE INDEX ON {VECTORS.fullname} USING hnsw (vector vector_ip_ops)",
        ):
            connection.exec_driver_sql(statement)
    chosen = {"ids": signed(eligible).tolist()}
    nearest = select(VECTORS.c.id).where(VECTORS.c.id.in_(bindparam("ids", expanding=True)))

    def search(needs: Vectors) -> Ids:
        with Session(engine) as session:
            session.connection(execution_options={"writes": False})
            session.connection().exec_driver_sql("SET LOCAL enable_sort = off")
            by_need = nearest.order_by(VECTORS.c.vector.max_inner_product(needs[0])).limit(k)
            found = session.scalars(by_need, chosen).all()
        return unsigned(np.array(found, np.int64))[None]

    return search


def tell(name: str, search: Search, needs: Vectors, truth: Sequence[Ids]) -> None:
    """Print how long a search takes, how many it finds, and how many of the nearest."""
    search(needs[:1])
    took, rows, right = [], [], []
    for need, nearest in zip(needs, truth, strict=True):
        found, seconds = timed(partial(search, need[None]))
        took.append(1000 * seconds)
        rows.append(found.shape[1])
        right.append(np.isin(nearest, found[0]).mean())
    p50, p95 = np.percentile(took, [50, 95])
    print(
        f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, rows {min(rows)} to {max(rows)},"
        f" recall {np.mean(right):.3f}"
    )


def timed(act: Callable[[], T]) -> tuple[T, float]:
    start = perf_counter()
    return act(), perf_counter() - start


if __name__ == "__main__":
    main()
