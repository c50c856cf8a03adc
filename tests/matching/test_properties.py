"""What holds for all rankings, not only for those in the other tests."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Match, MatchingEngine, Need, Profile, Verdict
from tests.matching.strategies import (
    ENCODER,
    STRANGER,
    mixed_needs,
    mixed_profiles,
    needs,
    profiles,
    shuffled,
)

pytestmark = pytest.mark.slow

APART = 2.0
"""Points of 100. Profiles that are nearer than this may change places when a collection of a
handful grows: how rare a word is, and what is usual, is told by all there are."""


def ranking(found: list[Profile], need: Need) -> list[Match]:
    return MatchingEngine(ENCODER).fit(found).rank(need)


@settings(max_examples=25)
@given(mixed_profiles, mixed_needs, st.integers())
def test_the_order_of_input_does_not_matter(found: list[Profile], need: Need, seed: int) -> None:
    assert ranking(shuffled(found, seed), need) == ranking(found, need)


@settings(max_examples=25)
@given(mixed_profiles, mixed_needs)
def test_every_match_keeps_its_promises(found: list[Profile], need: Need) -> None:
    passage_by_key = {p.key: p for profile in found for p in profile.passages}

    for place, match in enumerate(ranking(found, need), 1):
        assert match.rank == place
        assert 0 <= match.score <= 100
        assert abs(sum(match.parts.values()) - match.score) < 1e-6
        assert [e.requirement for e in match.evidence] == [r.key for r in need.requirements]
        for evidence in match.evidence:
            assert (evidence.verdict is Verdict.NONE) == (evidence.passage is None)
            if evidence.passage is not None:
                assert evidence.quote in passage_by_key[evidence.passage].text


@settings(max_examples=25)
@given(mixed_profiles, mixed_needs)
def test_identical_profiles_tie_and_stand_in_the_order_of_their_keys(
    found: list[Profile], need: Need
) -> None:
    twin = Profile("zz", found[0].passages)

    matches = ranking([*found, twin], need)

    one, other = (match for match in matches if match.key in {"zz", found[0].key})
    assert (one.key, other.key) == (found[0].key, "zz")
    assert one.score == other.score
    assert one.evidence == other.evidence


@settings(max_examples=25)
@given(mixed_profiles, mixed_needs)
def test_removing_a_passage_never_adds_evidence(found: list[Profile], need: Need) -> None:
    whole = max(found, key=lambda profile: len(profile.passages))
    less = Profile(whole.key, whole.passages[1:])
    others = [profile for profile in found if profile.key != whole.key]

    before = MatchingEngine(ENCODER).fit([*others, whole]).explain(need, whole.key)
    after = MatchingEngine(ENCODER).fit([*others, less]).explain(need, whole.key)

    for had, has in zip(before.evidence, after.evidence, strict=True):
        assert has.strength <= had.strength + 1e-6


@settings(max_examples=25)
@given(mixed_profiles, mixed_needs)
def test_an_irrelevant_profile_changes_no_evidence_of_others(
    found: list[Profile], need: Need
) -> None:
    before = {match.key: match.evidence for match in ranking(found, need)}
    after = {match.key: match.evidence for match in ranking([*found, STRANGER], need)}

    for key, evidence in before.items():
        assert [(e.verdict, e.passage, e.quote, round(e.strength, 5)) for e in after[key]] == [
            (e.verdict, e.passage, e.quote, round(e.strength, 5)) for e in evidence
        ]


@settings(max_examples=25)
@given(profiles, needs)
def test_an_irrelevant_profile_leaves_the_order_of_those_that_are_apart(
    found: list[Profile], need: Need
) -> None:
    before = ranking(found, need)
    place = {match.key: match.rank for match in ranking([*found, STRANGER], need)}

    for better in before:
        for worse in before:
            if better.score > worse.score + APART:
                assert place[better.key] < place[worse.key]
