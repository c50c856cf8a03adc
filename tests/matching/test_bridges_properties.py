"""What holds for all bridges."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import MatchingEngine, Need, Profile, Verdict, bridges
from tests.matching.strategies import ENCODER, clusters, mixed_needs, mixed_profiles

pytestmark = pytest.mark.slow

Belonging = dict[str, list[str]]
homes = st.lists(st.sampled_from("xyz"), unique=True)


@settings(max_examples=30)
@given(mixed_profiles, mixed_needs, clusters, homes)
def test_bridges_lead_out_of_the_home_and_carry_something(
    found: list[Profile], need: Need, belonging: Belonging, home: list[str]
) -> None:
    matches = MatchingEngine(ENCODER).fit(found).rank(need)
    text_by_key = {profile.key: " ".join(p.text for p in profile.passages) for profile in found}

    lead = bridges(matches, found, belonging, home)

    assert [bridge.match.rank for bridge in lead] == sorted(bridge.match.rank for bridge in lead)
    for bridge in lead:
        assert set(bridge.clusters) == set(belonging[bridge.match.key])
        assert bridge.clusters
        assert not set(bridge.clusters) & set(home)
        assert bridge.topic.answers or bridge.topic.words
        assert all(word in text_by_key[bridge.match.key] for word in bridge.topic.words)
        assert all(e in bridge.match.evidence for e in bridge.topic.answers)
        assert all(e.verdict is not Verdict.NONE for e in bridge.topic.answers)


@settings(max_examples=30)
@given(mixed_profiles, mixed_needs, clusters, homes)
def test_whoever_answers_from_elsewhere_is_found(
    found: list[Profile], need: Need, belonging: Belonging, home: list[str]
) -> None:
    matches = MatchingEngine(ENCODER).fit(found).rank(need)

    lead = bridges(matches, found, belonging, home, most=len(found))

    expected = {
        match.key
        for match in matches
        if home and belonging.get(match.key) and not set(belonging[match.key]) & set(home)
        if any(evidence.verdict is not Verdict.NONE for evidence in match.evidence)
    }
    assert {bridge.match.key for bridge in lead} >= expected
