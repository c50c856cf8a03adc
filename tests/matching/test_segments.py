"""However a collection came about, it answers like one that was learned at once."""

from collections.abc import Iterable, Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import HashingEncoder, Match, MatchingEngine, Need, Profile
from matching.learning import Learner
from matching.merging import Part, merged, tidied
from matching.passage_index import PassageIndex
from matching.segment import Segment
from matching.word_meaning import WordMeaning
from tests.matching.profiles import BAKERY, EVERYONE, LAW, SOLAR, STORAGE, make_need, make_profile
from tests.matching.strategies import needs, profiles
from tests.matching.test_changes import CountingEncoder

ENCODER = HashingEncoder(64)
ENGINE = MatchingEngine(ENCODER).fit(EVERYONE)
LEARNER = Learner(ENCODER, ENGINE.background, WordMeaning(ENCODER))


def part_of(*learned: Profile, without: Sequence[str] = ()) -> Part:
    [segment] = LEARNER.segments(learned, [])
    return segment, np.array([profile.key not in without for profile in learned])


def engine_of(parts: Sequence[Part]) -> MatchingEngine:
    return MatchingEngine(ENCODER).restore(PassageIndex(parts, ENGINE.background))


def everything_of(engine: MatchingEngine) -> list[Match]:
    return engine.rank(STORAGE, top=9) + engine.rank(make_need("Baking law"), top=9)


def many(count: int) -> list[Profile]:
    return [make_profile(f"p{n}", f"We mend clocks of kind {n}.") for n in range(count)]


OLD_LAW = make_profile("law", "We bake bread.", "We store solar power.")
SPLIT = [part_of(OLD_LAW, SOLAR, without=["law"]), part_of(LAW), part_of(*EVERYONE[1:2], BAKERY)]


def test_parts_answer_like_the_whole() -> None:
    assert everything_of(engine_of(SPLIT)) == everything_of(ENGINE)
    assert engine_of(SPLIT).checksum == ENGINE.checksum


def test_merged_parts_answer_like_the_whole() -> None:
    segment = merged(SPLIT)

    assert everything_of(engine_of([(segment, np.ones(4, np.bool_))])) == everything_of(ENGINE)
    assert {segment.profile(number) for number in range(4)} == set(EVERYONE)


def test_a_segment_is_told_from_its_arrays() -> None:
    segment = merged(SPLIT)

    again = Segment.from_arrays(segment.arrays())

    assert again.name == segment.name
    assert all(np.array_equal(again.arrays()[n], each) for n, each in segment.arrays().items())


def test_small_parts_become_one() -> None:
    assert len(tidied(SPLIT)) == 1


def test_a_large_part_stays_as_it_is_beside_a_small_one() -> None:
    large, small = part_of(*many(1100)), part_of(LAW)

    assert [part[0] for part in tidied([large, small])] == [small[0], large[0]]


def test_parts_of_like_size_become_one() -> None:
    parts = [part_of(*many(1100)[:600]), part_of(*many(1100)[600:])]

    assert [len(segment.keys) for segment, _ in tidied(parts)] == [1100]


def test_a_part_of_which_much_is_gone_is_written_anew() -> None:
    learned = many(1200)
    fifth = [profile.key for profile in learned[:240]]

    [kept] = tidied([part_of(*learned, without=fifth)])
    [written] = tidied([part_of(*learned, without=[*fifth, "p500"])])

    assert (len(kept[0].keys), len(written[0].keys)) == (1200, 959)


def test_words_outlive_those_who_used_them_first() -> None:
    encoder = CountingEncoder()
    engine = MatchingEngine(encoder).fit([SOLAR])
    engine.update([make_profile("other", "overnight batteries")])
    engine.remove(["solar"])
    encoder.seen.clear()

    engine.update([make_profile("third", "batteries overnight")])

    assert encoder.seen == ["batteries overnight."]


@pytest.mark.slow
@settings(max_examples=20)
@given(profiles, profiles, needs, st.integers())
def test_many_steps_lead_to_the_same_as_one(
    first: list[Profile], second: list[Profile], need: Need, seed: int
) -> None:
    engine = MatchingEngine(ENCODER).fit(first)
    steps: list[Profile | str] = [*second, *(profile.key for profile in first[::2])]
    Random(seed).shuffle(steps)  # noqa: S311 -- an order, not a secret
    known = {profile.key: profile for profile in first}
    for step in steps:
        taken(engine, known, step)

    fresh = MatchingEngine(ENCODER).fit(known.values())

    assert engine.rank(need) == fresh.rank(need)
    assert engine.checksum == fresh.checksum


def taken(engine: MatchingEngine, known: dict[str, Profile], step: Profile | str) -> None:
    if isinstance(step, Profile):
        engine.update([step])
        known[step.key] = step
    else:
        engine.remove([step])
        known.pop(step, None)


def test_what_is_known_already_is_left_alone() -> None:
    engine = MatchingEngine(ENCODER).fit(EVERYONE)
    before = engine.index_

    engine.update([SOLAR, LAW])
    engine.remove(["unknown"])

    assert engine.index_ is before


@pytest.mark.parametrize("known", [EVERYONE, ()])
def test_an_engine_says_whether_it_holds_a_profile(known: Iterable[Profile]) -> None:
    engine = MatchingEngine(ENCODER).fit(known)

    assert engine.holds(SOLAR) == (SOLAR in known)
    assert not engine.holds(make_profile("solar", "Something else."))
