"""Lazy attributes are computed once, and by two threads at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from matching.lazy import lazy


class Slow:
    def __init__(self, barrier: Barrier) -> None:
        self._barrier = barrier
        self.computed = 0

    @lazy
    def value(self) -> int:
        self._barrier.wait(timeout=10)
        self.computed += 1
        return self.computed


def test_a_value_is_computed_once() -> None:
    slow = Slow(Barrier(1))

    assert [slow.value, slow.value] == [1, 1]


def test_two_objects_compute_theirs_at_the_same_time() -> None:
    barrier = Barrier(2)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda slow: slow.value, [Slow(barrier), Slow(barrier)])) == [1, 1]
