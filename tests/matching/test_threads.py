"""Work that is shared comes back whole and in order, and waits for nobody's helpers."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from matching.threads import HELPERS, shared


def test_results_come_in_the_order_of_their_pieces() -> None:
    assert shared(lambda number: number * number, range(50)) == [n * n for n in range(50)]
    assert shared(str, []) == []


@pytest.mark.parametrize("wrong", [0, 7, 19])
def test_a_piece_that_fails_is_not_passed_over(wrong: int) -> None:
    with pytest.raises(ZeroDivisionError):
        shared(lambda number: 1 / (number - wrong), range(20))


def test_an_index_error_of_the_work_is_no_end_of_it() -> None:
    with pytest.raises(IndexError):
        shared([1, 2, 3].__getitem__, range(4))


def test_shared_work_may_share_work() -> None:
    found = shared(lambda size: sum(shared(int, range(size))), range(6))
    assert found == [sum(range(size)) for size in range(6)]


def test_nobody_waits_for_helpers_that_are_busy_elsewhere() -> None:
    is_over = Event()
    with ThreadPoolExecutor(1) as other:
        waits = other.submit(shared, lambda _: is_over.wait(30), range(HELPERS + 1))
        assert shared(str, range(3)) == ["0", "1", "2"]
        assert not waits.done()
        is_over.set()
        assert waits.result() == [True] * (HELPERS + 1)
