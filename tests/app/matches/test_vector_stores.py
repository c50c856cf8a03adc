"""Vectors in memory and in PostgreSQL: one protocol, the same answers."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker
from typing_extensions import override

from app.core.database import open_engine
from app.core.settings import Settings
from app.matches.engine_room import EngineRoom, stores_in
from app.matches.vector_table import VECTORS, VectorTable
from matching import HashingEncoder
from matching.encoder import Vectors
from matching.postings import Ids
from matching.storage import MANIFEST
from matching.vector_store import FlatStore, Stores, VectorStore, had_or_made, signed, unsigned
from tests.app.matches.test_engine_room import BREAD, FERRY, SOLAR, make_profile
from tests.postgresql import TEMPLATE, TestServer

WIDTH = 3
IDS = st.sampled_from([0, 1, 2, 5, (1 << 63) - 1, 1 << 63, (1 << 63) + 1, (1 << 64) - 1])
# Whole numbers, so that sums are the same whoever adds them up, and ties are many.
POINTS = st.tuples(*[st.integers(-2, 2)] * WIDTH)
CHANGES = st.lists(st.dictionaries(IDS, st.none() | POINTS, max_size=6), min_size=1, max_size=4)


def as_ids(numbers: Iterable[int]) -> Ids:
    return np.array(sorted(numbers), np.uint64)


@pytest.fixture
def store(settings: Settings) -> Iterator[VectorStore]:
    """Of one encoder: in memory beside SQLite, else in the database."""
    if settings.database_url is None:
        yield FlatStore(WIDTH)
        return
    engine = open_engine(settings.database_url)
    table = VectorTable.opened(engine, "points", WIDTH)
    assert table is not None
    yield table
    engine.dispose()


def expected(
    kept: dict[int, tuple[int, ...]], need: tuple[int, ...], eligible: set[int], k: int
) -> list[tuple[int, float]]:
    scores = {id_: float(np.dot(kept[id_], need)) for id_ in eligible & set(kept)}
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:k]


@pytest.mark.both_databases
@rules(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES, st.lists(POINTS, min_size=1, max_size=3), st.sets(IDS), st.integers(0, 9))
def test_the_nearest_are_exact_complete_and_in_order(
    store: VectorStore,
    changes: list[dict[int, tuple[int, ...] | None]],
    needs: list[tuple[int, ...]],
    eligible: set[int],
    k: int,
) -> None:
    store.remove(store.ids)
    kept: dict[int, tuple[int, ...]] = {}
    for change in changes:
        new = {id_: point for id_, point in change.items() if point is not None}
        gone = change.keys() - new.keys()
        store.put(as_ids(new), np.array([new[i] for i in sorted(new)], "f4").reshape(-1, WIDTH))
        store.remove(as_ids(gone))
        kept = {id_: point for id_, point in {**kept, **new}.items() if id_ not in gone}

    found = store.nearest(np.array(needs, "f4").reshape(-1, WIDTH), as_ids(eligible), k)

    assert store.ids.tolist() == sorted(kept)
    assert found.ids.shape == (len(needs), min(k, len(eligible & set(kept))))
    for need, ids, scores in zip(needs, found.ids.tolist(), found.scores.tolist(), strict=True):
        assert list(zip(ids, scores, strict=True)) == expected(kept, need, eligible, k)


@pytest.mark.both_databases
def test_vectors_come_back_to_the_last_bit(store: VectorStore) -> None:
    ids, vectors = random_vectors(1200, WIDTH)
    store.put(ids[:1100], vectors[:1100])
    store.put(ids[:1100], vectors[:1100])

    there, found = store.vectors(ids[::-1])

    assert there.tolist() == [False] * 100 + [True] * 1100
    assert (found[100:] == vectors[:1100][::-1]).all()
    assert not found[:100].any()


def test_both_stores_give_the_same_answers(postgresql: TestServer) -> None:
    ids, vectors = random_vectors(1000, 64)
    rare, needs = np.sort(ids[::50]), vectors[:5] + vectors[5:10] * np.float32(0.5)
    flat = FlatStore(64)
    flat.put(ids, vectors)
    with filled_table(postgresql, ids, vectors) as (_, table):
        for eligible, k, length in ((rare, 10, 10), (rare, 50, 20), (ids, 10, 10)):
            one, other = flat.nearest(needs, eligible, k), table.nearest(needs, eligible, k)

            assert one.ids.shape == (5, length)
            assert one.ids.tolist() == other.ids.tolist()
            assert np.abs(one.scores - other.scores).max() < 1e-5


def test_an_approximate_index_that_somebody_adds_leaves_nobody_out(
    postgresql: TestServer,
) -> None:
    ids, vectors = random_vectors(1000, 64)
    rare = np.sort(ids[::50])
    with filled_table(postgresql, ids, vectors) as (engine, table):
        exact = table.nearest(vectors[:1], rare, 10)
        name = engine.url.database
        with engine.begin() as connection:
            for statement in (
                f"ALTER TABLE {VECTORS.fullname} ALTER vector TYPE vector(64)",
                f"CREATE INDEX ON {VECTORS.fullname} USING hnsw (vector vector_ip_ops)",
                f"ALTER DATABASE {name} SET enable_sort = off",  # so that it is taken if it can be
                f"ALTER DATABASE {name} SET enable_seqscan = off",
            ):
                connection.exec_driver_sql(statement)
        engine.dispose()

        found = table.nearest(vectors[:1], rare, 10)
        unguarded = select(VECTORS.c.id).where(VECTORS.c.id.in_(signed(rare).tolist()))
        unguarded = unguarded.order_by(VECTORS.c.vector.max_inner_product(vectors[0])).limit(10)
        with engine.connect() as connection:
            short = connection.scalars(unguarded).all()

        assert len(short) < 10
        assert found.ids.tolist() == exact.ids.tolist()
        assert found.ids.shape == (1, 10)


def test_another_model_finds_nothing_and_clears_what_the_last_one_left(
    postgresql: TestServer,
) -> None:
    ids, vectors = random_vectors(3, WIDTH)
    with postgresql.lent(template=TEMPLATE) as url:
        engine = open_engine(url)
        old = VectorTable.opened(engine, "old", WIDTH)
        assert old is not None
        old.put(ids, vectors)

        new = VectorTable.opened(engine, "new", 5)

        assert new is not None
        assert not len(new.ids)
        assert not len(old.ids)
        engine.dispose()


class ListeningEncoder(HashingEncoder):
    """Keeps the passages it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: set[str] = set()

    @override
    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.heard |= set(texts)
        return super().encode_passages(texts)


def test_a_second_machine_learns_without_reading(postgresql: TestServer, tmp_path: Path) -> None:
    encoder, hearing_solar_alone = ListeningEncoder(), ListeningEncoder()
    EngineRoom(lambda: hearing_solar_alone, tmp_path / "solar").catch_up([SOLAR])
    with an_engine(postgresql) as engine:
        shared = partial(stores_in, engine)
        first = EngineRoom(HashingEncoder, tmp_path / "first", open_stores=shared)
        second = EngineRoom(lambda: encoder, tmp_path / "second", open_stores=shared)
        alone = EngineRoom(HashingEncoder, tmp_path / "alone")
        first.catch_up([FERRY, BREAD])
        for room in (alone, second):
            room.catch_up([FERRY, BREAD, SOLAR])
            room.save()

    texts = {each.passages[0].text for each in (FERRY, BREAD, SOLAR)}
    assert encoder.heard & texts == {SOLAR.passages[0].text}
    assert encoder.heard <= hearing_solar_alone.heard  # words, too
    manifests = [(tmp_path / name / MANIFEST).read_text() for name in ("alone", "second")]
    assert manifests[0] == manifests[1]  # which name the digests of all files


def test_what_nobody_shows_any_more_is_forgotten(postgresql: TestServer, tmp_path: Path) -> None:
    with an_engine(postgresql) as engine:
        room = EngineRoom(HashingEncoder, tmp_path, open_stores=partial(stores_in, engine))
        room.catch_up([FERRY, BREAD])
        store, of_words = stores_in(engine, HashingEncoder())
        assert store is not None
        assert of_words is not None
        of_both = store.ids
        assert len(of_words.ids) > 5

        room.catch_up([make_profile("1", "We charge ferries."), SOLAR])

        assert (len(of_both), len(store.ids)) == (2, 2)
        assert not set(of_both) & set(store.ids)

        store.put(*random_vectors(1, store.vectors(of_both)[1].shape[1]))  # after a crash, say
        again = EngineRoom(HashingEncoder, tmp_path, open_stores=partial(stores_in, engine))
        again.catch_up([make_profile("1", "We charge ferries."), SOLAR])

        assert len(store.ids) == 2


@pytest.mark.parametrize("missing", ["the extension", "the right to make a table"])
def test_without_what_it_takes_machines_share_nothing_and_the_log_says_so(
    postgresql: TestServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, missing: str
) -> None:
    with an_engine(postgresql) as administrator:
        with administrator.begin() as connection:
            if missing != "the extension":
                connection.exec_driver_sql("CREATE EXTENSION vector")
            connection.exec_driver_sql("CREATE ROLE poor LOGIN")
        as_poor = administrator.url.set(username="poor").render_as_string(hide_password=False)
        engine = open_engine(as_poor)
        room = EngineRoom(HashingEncoder, tmp_path, open_stores=partial(stores_in, engine))

        room.catch_up([FERRY])

        assert room.holds("1", [FERRY])
        assert "no vectors are shared between machines: permission denied" in caplog.text
        engine.dispose()
        with administrator.begin() as connection:
            connection.exec_driver_sql("DROP ROLE poor")


def test_a_table_that_is_gone_costs_the_keeping_alone(
    postgresql: TestServer, caplog: pytest.LogCaptureFixture
) -> None:
    ids, vectors = random_vectors(3, WIDTH)
    with filled_table(postgresql, ids, vectors) as (engine, table):
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA cache CASCADE")

        made = had_or_made(table, ids, lambda missing: vectors[missing])

        assert (made == vectors).all()
        assert not table.vectors(ids)[0].any()
    assert "vectors were not kept" in caplog.text


@pytest.mark.only_sqlite
def test_beside_sqlite_no_store_is_opened(session_factory: sessionmaker[Session]) -> None:
    with session_factory() as session:
        assert stores_in(session.get_bind().engine, HashingEncoder()) == Stores()


def test_ids_keep_their_order_where_numbers_are_signed() -> None:
    ids = as_ids([0, 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1])

    assert (np.diff(signed(ids).astype(object)) > 0).all()
    assert unsigned(signed(ids)).tolist() == ids.tolist()


@contextmanager
def filled_table(
    server: TestServer, ids: Ids, vectors: Vectors
) -> Iterator[tuple[Engine, VectorTable]]:
    with an_engine(server) as engine:
        table = VectorTable.opened(engine, "random", vectors.shape[1])
        assert table is not None
        table.put(ids, vectors)
        yield engine, table


@contextmanager
def an_engine(server: TestServer) -> Iterator[Engine]:
    with server.lent(template=TEMPLATE) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


def random_vectors(count: int, width: int) -> tuple[Ids, Vectors]:
    lot = np.random.default_rng(6)
    ids = lot.choice(1 << 62, count, replace=False).astype(np.uint64) << np.uint64(2)
    vectors = lot.normal(size=(count, width)).astype(np.float32)
    return ids, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
