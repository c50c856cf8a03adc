"""Whoever reads while somebody changes gets one consistent state: the old one or the new one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from matching import HashingEncoder, Match, MatchingEngine
from tests.matching.profiles import BAKERY, EVERYONE, LAW, STORAGE, make_profile

OTHER_LAW = make_profile("law", "Our battery stores solar power overnight. We advise nobody.")


@pytest.mark.slow
def test_readers_never_see_half_a_change() -> None:
    engine = MatchingEngine(HashingEncoder(64)).fit(EVERYONE)
    before = engine.rank(STORAGE)
    engine.update([OTHER_LAW])
    after = engine.rank(STORAGE)
    done = Event()

    def read() -> list[list[Match]]:
        found: list[list[Match]] = []
        while not done.is_set() or len(found) < 3:
            found.append(engine.rank(STORAGE))
        return found

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        for _ in range(15):
            engine.update([LAW])
            engine.update([OTHER_LAW, BAKERY])
        done.set()
        seen = [found for reader in readers for found in reader.result()]

    assert before != after
    assert all(found in (before, after) for found in seen)
