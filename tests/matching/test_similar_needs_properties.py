"""Likeness looks the same from both sides."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import MatchingEngine, Need, SimilarNeeds
from tests.matching.strategies import ENCODER, several_needs, shuffled

pytestmark = pytest.mark.slow

ENGINE = MatchingEngine(ENCODER)


@settings(max_examples=30)
@given(several_needs)
def test_likeness_is_symmetric(asked: list[Need]) -> None:
    similar = SimilarNeeds(ENGINE, asked)
    seen = {(need.key, found.need): found for need in asked for found in similar.of(need.key)}

    assert len(seen) == len(asked) * (len(asked) - 1)
    for (one, other), found in seen.items():
        back = seen[other, one]
        assert back.closeness == pytest.approx(found.closeness, abs=1e-4)
        assert sorted((each.other, each.own) for each in back.requirements) == sorted(
            (each.own, each.other) for each in found.requirements
        )


@settings(max_examples=30)
@given(several_needs, st.integers())
def test_the_order_of_input_does_not_matter(asked: list[Need], seed: int) -> None:
    similar, again = SimilarNeeds(ENGINE, asked), SimilarNeeds(ENGINE, shuffled(asked, seed))

    assert again.pairs() == similar.pairs()


@settings(max_examples=30)
@given(several_needs)
def test_a_requirement_is_shared_with_one_other_at_most(asked: list[Need]) -> None:
    similar = SimilarNeeds(ENGINE, asked)

    for need in asked:
        for found in similar.of(need.key):
            for side in ("own", "other"):
                keys = [getattr(each, side) for each in found.requirements]
                assert len(set(keys)) == len(keys)
