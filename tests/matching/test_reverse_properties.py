"""Both directions tell the same of a pair, whoever and whatever it is."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from matching import MatchingEngine, Need, Profile, Standing, needs_for, prepared
from tests.matching.strategies import ENCODER, mixed_profiles, several_needs

pytestmark = pytest.mark.slow


@settings(max_examples=20)
@given(mixed_profiles, several_needs)
def test_reverse_is_forward(found: list[Profile], asked: list[Need]) -> None:
    engine = MatchingEngine(ENCODER).fit(found)
    needs = prepared(engine, asked, Standing.OPEN)

    forward = {need.key: {match.key: match for match in engine.rank(need)} for need in asked}

    for profile in found:
        for each in needs_for(engine, profile.key, needs):
            there = forward[each.need][profile.key]
            assert replace(each.match, rank=there.rank) == there


@settings(max_examples=20)
@given(mixed_profiles, several_needs)
def test_somebody_new_is_matched_as_if_known(found: list[Profile], asked: list[Need]) -> None:
    newcomer, *others = found
    engine = MatchingEngine(ENCODER).fit(others)
    needs = prepared(engine, asked, Standing.OPEN)

    unknown = needs_for(engine, newcomer, needs)

    assert engine.keys == {profile.key for profile in others}
    engine.update([newcomer])
    assert needs_for(engine, newcomer.key, needs) == unknown


@settings(max_examples=20)
@given(mixed_profiles, several_needs)
def test_the_best_come_first_and_each_need_once(found: list[Profile], asked: list[Need]) -> None:
    engine = MatchingEngine(ENCODER).fit(found)

    listed = needs_for(engine, found[0].key, prepared(engine, asked, Standing.ANNOUNCED))

    assert sorted(each.need for each in listed) == [need.key for need in asked]
    assert listed == sorted(listed, key=lambda each: (-each.match.score, each.need))
    assert [each.match.rank for each in listed] == list(range(1, len(asked) + 1))
