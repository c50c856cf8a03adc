"""How often something may be tried."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from app.core.database import open_engine
from app.core.errors import TooManyAttempts
from app.core.rate_limits import Attempt, RateLimits, engine_beside, parse
from tests.conftest import NOON, FakeClock

Process = Callable[[], RateLimits]


pytestmark = pytest.mark.both_databases


@pytest.fixture
def counting(tmp_path: Path) -> Engine:
    """Where the counts lie."""
    return engine_beside(open_engine(f"sqlite+pysqlite:///{tmp_path / 'any.sqlite3'}"), tmp_path)


@pytest.fixture
def limits(counting: Engine, clock: FakeClock) -> RateLimits:
    """The limits of one process."""
    return RateLimits(lambda: counting, "the key", clock=clock)


def is_refused(limits: RateLimits, limit: str, *key: str) -> bool:
    try:
        limits.count(limit, *key)
    except TooManyAttempts:
        return True
    return False


def test_the_window_fills_up_and_moves_on(limits: RateLimits, clock: FakeClock) -> None:
    for minutes in (0, 20, 40):
        clock.now = NOON + timedelta(minutes=minutes)
        limits.count("3/hour", "reset", "ada@example.org")

    assert is_refused(limits, "3/hour", "reset", "ADA@example.org")

    clock.now = NOON + timedelta(minutes=60)
    assert [is_refused(limits, "3/hour", "reset", "ada@example.org") for _ in range(2)] == [
        False, True,
    ]  # fmt: skip


def test_keys_and_limits_do_not_disturb_each_other(limits: RateLimits) -> None:
    limits.count("1/hour", "reset", "ada@example.org")

    limits.count("1/hour", "reset", "bob@example.org")
    limits.count("1/hour", "sign-up", "ada@example.org")
    limits.count("2/day", "reset", "ada@example.org")


def test_forgotten_attempts_do_not_count(limits: RateLimits) -> None:
    for _ in range(3):
        limits.count("1/minute", "sign-in", "ada@example.org")
        limits.forget("1/minute", "sign-in", "Ada@example.org")

    limits.count("1/minute", "sign-in", "ada@example.org")
    assert is_refused(limits, "1/minute", "sign-in", "ada@example.org")


def test_a_restart_and_another_process_forget_nothing(tmp_path: Path, clock: FakeClock) -> None:
    database = open_engine(f"sqlite+pysqlite:///{tmp_path / 'any.sqlite3'}")

    def process() -> RateLimits:
        engine = engine_beside(database, tmp_path)
        return RateLimits(lambda: engine, "the key", clock=clock)

    one, other = process(), process()
    one.count("2/hour", "reset", "ada@example.org")
    other.count("2/hour", "reset", "ada@example.org")

    assert is_refused(one, "2/hour", "reset", "ada@example.org")
    assert is_refused(process(), "2/hour", "reset", "ada@example.org")


def test_of_forty_at_once_no_more_get_in_than_may(limits: RateLimits) -> None:
    with ThreadPoolExecutor(8) as pool:
        refused = list(
            pool.map(lambda _: is_refused(limits, "7/minute", "sign-in", "ada"), range(40))
        )

    assert refused.count(False) == 7


def test_nobody_reads_there_who_tried_what_and_nothing_old_stays(
    limits: RateLimits, counting: Engine, clock: FakeClock
) -> None:
    limits.count("5/minute", "sign-in", "ada@example.org")
    with counting.connect() as connection:
        (stored,) = connection.scalars(select(Attempt.key_hash))
    assert len(stored) == 40

    clock.advance(minutes=1)
    limits.count("5/hour", "reset", "bob@example.org")

    with counting.connect() as connection:
        (left,) = connection.scalars(select(Attempt.key_hash))
    assert left != stored


@pytest.mark.parametrize("limit", ["", "5", "5/week", "x/minute", "-1/hour", "5 /minute"])
def test_a_limit_is_written_in_one_way(limit: str) -> None:
    with pytest.raises(ValueError, match="not a limit"):
        parse(limit)
