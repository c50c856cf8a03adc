"""From an organisation, or an offer, to the needs it answers."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from typing_extensions import override

from matching import (
    HashingEncoder,
    MatchingEngine,
    Need,
    Passage,
    PassageKind,
    PreparedNeed,
    Standing,
    Verdict,
    needs_for,
    prepared,
)
from matching.encoder import Vectors
from tests.matching.profiles import EVERYONE, SOLAR, make_need, make_profile

BREAD = Need("bread", "Fresh bread for canteens", "", "en")
POWER = Need(
    "power", "Solar power at night", "", "en", make_need(must=("stores solar power",)).requirements
)
PILOT = Need("pilot", "A pilot for container ships", "", "en")
EMPTY = Need("empty", " ", "…", "en")


class CountingEncoder(HashingEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    @override
    def encode_needs(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().encode_passages(texts)


@pytest.fixture
def engine() -> MatchingEngine:
    return MatchingEngine(CountingEncoder()).fit(EVERYONE)


@pytest.fixture
def needs(engine: MatchingEngine) -> list[PreparedNeed]:
    return [
        *prepared(engine, [BREAD], Standing.OPEN),
        *prepared(engine, [POWER], Standing.UNANSWERED),
        *prepared(engine, [PILOT, EMPTY], Standing.ANNOUNCED),
    ]


def test_the_need_a_profile_answers_comes_first_wherever_it_stands(
    engine: MatchingEngine, needs: list[PreparedNeed]
) -> None:
    for key, need, standing in (
        ("bakery", "bread", Standing.OPEN),
        ("solar", "power", Standing.UNANSWERED),
        ("harbour", "pilot", Standing.ANNOUNCED),
    ):
        found = needs_for(engine, key, needs)

        assert (found[0].need, found[0].standing) == (need, standing)
        assert {each.need for each in found} == {"bread", "power", "pilot"}
        assert [each.match.rank for each in found] == [1, 2, 3]


def test_both_directions_agree(engine: MatchingEngine, needs: list[PreparedNeed]) -> None:
    for need in (BREAD, POWER, PILOT):
        for match in engine.rank(need):
            found = {each.need: each.match for each in needs_for(engine, match.key, needs)}

            assert replace(found[need.key], rank=match.rank) == match


def test_a_new_offer_finds_needs_and_leaves_the_engine_alone(
    engine: MatchingEngine, needs: list[PreparedNeed]
) -> None:
    before = engine.checksum, engine.keys, engine.rank(POWER)
    offer = Passage("o1", PassageKind.OFFER, "A battery that stores solar power.", "en")

    [best, *_] = needs_for(engine, offer, needs)

    assert (best.need, best.match.evidence[0].verdict) == ("power", Verdict.MET)
    assert best.match.evidence[0].passage == "o1"
    assert best.match.evidence[0].quote == "A battery that stores solar power."
    assert (engine.checksum, engine.keys, engine.rank(POWER)) == before


def test_a_new_profile_is_matched_as_if_it_were_known(
    engine: MatchingEngine, needs: list[PreparedNeed]
) -> None:
    newcomer = make_profile("newcomer", "We bake bread for canteens.", "Batteries store power.")

    found = {each.need: each.match for each in needs_for(engine, newcomer, needs)}

    engine.update([newcomer])
    for need in (BREAD, POWER):
        known = engine.explain(need, "newcomer")
        assert replace(found[need.key], rank=known.rank) == known


def test_a_changed_profile_takes_the_place_of_the_old_one(
    engine: MatchingEngine, needs: list[PreparedNeed]
) -> None:
    [best, *_] = needs_for(engine, make_profile("solar", "Pilots for container ships."), needs)

    assert best.need == "pilot"
    assert engine.checksum == MatchingEngine(HashingEncoder()).fit(EVERYONE).checksum


def test_prepared_needs_are_not_encoded_again(
    engine: MatchingEngine, needs: list[PreparedNeed]
) -> None:
    assert isinstance(engine.encoder, CountingEncoder)
    engine.encoder.asked.clear()

    needs_for(engine, "solar", needs)
    needs_for(engine, make_profile("newcomer", "Bread."), needs)

    assert engine.encoder.asked == []


def test_no_more_than_asked_for(engine: MatchingEngine, needs: list[PreparedNeed]) -> None:
    assert [each.need for each in needs_for(engine, SOLAR, needs, top=1)] == ["power"]
    assert needs_for(engine, SOLAR, []) == []


def test_somebody_unknown_is_refused(engine: MatchingEngine, needs: list[PreparedNeed]) -> None:
    with pytest.raises(KeyError):
        needs_for(engine, "unknown", needs)
