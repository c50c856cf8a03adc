"""The same need in three languages finds the same profiles, on the demo's organisations."""

from itertools import combinations
from statistics import fmean

import pytest

from matching import Evidence, Match, MatchingEngine, SentenceTransformerEncoder, Verdict
from matching.encoder_pair import EncoderPair
from matching.evaluation.agreement import rank_biased_overlap
from matching.passage_index import PassageIndex
from scripts.demo_documents import demo_needs, demo_profiles, expected_evidence

pytestmark = pytest.mark.slow

Lists = dict[str, dict[str, list[Match]]]


@pytest.fixture(scope="module")
def lists(pair: EncoderPair, demo_index: PassageIndex) -> Lists:
    """By challenge and language: the ten best with their evidence."""
    engine = MatchingEngine(pair).restore(demo_index)
    return {
        challenge: {language: engine.rank(need, top=10) for language, need in versions.items()}
        for challenge, versions in demo_needs().items()
        if len(versions) == 3
    }


def test_six_of_ten_are_common_to_all_three_languages(lists: Lists) -> None:
    common = [
        len(set.intersection(*({match.key for match in ten} for ten in versions.values())))
        for versions in lists.values()
    ]

    assert len(common) >= 5
    assert min(common) >= 6


def test_lists_in_two_languages_are_nearly_the_same(
    pair: EncoderPair, demo_index: PassageIndex
) -> None:
    engine = MatchingEngine(pair).restore(demo_index)
    orders = [
        [
            [match.key for match in engine.rank(need, top=len(engine.keys), explain=False)]
            for need in versions.values()
        ]
        for versions in demo_needs().values()
    ]

    overlaps = [
        rank_biased_overlap(one, other, persistence=0.9)
        for versions in orders
        for one, other in combinations(versions, 2)
    ]

    assert len(overlaps) >= 15
    assert fmean(overlaps) >= 0.7
    assert min(overlaps) >= 0.6


def test_organisations_that_meet_a_requirement_are_found_in_each_language(lists: Lists) -> None:
    expected = expected_evidence()

    for challenge, versions in lists.items():
        meeting = set().union(*(orgs for (key, _), orgs in expected.items() if key == challenge))
        for ten in versions.values():
            assert ten[0].key in meeting or ten[1].key in meeting
            assert len({match.key for match in ten} & meeting) >= 3


def test_evidence_is_quoted_from_passages_in_other_languages(lists: Lists) -> None:
    passage_by_key = {
        (profile.key, passage.key): passage
        for profile in demo_profiles()
        for passage in profile.passages
    }
    foreign: list[tuple[Evidence, str]] = []
    for versions in lists.values():
        for language, ten in versions.items():
            for match in ten:
                for evidence in match.evidence:
                    if evidence.verdict is Verdict.NONE:
                        continue
                    passage = passage_by_key[match.key, evidence.passage or ""]
                    assert evidence.quote in passage.text
                    if passage.lang != language:
                        foreign.append((evidence, passage.text))

    assert len(foreign) > 30
    assert sum(bool(evidence.highlights) for evidence, _ in foreign) / len(foreign) > 0.7


def test_an_unrelated_profile_has_no_evidence(real_encoder: SentenceTransformerEncoder) -> None:
    need = demo_needs()["landstrom-ohne-baustelle"]["de"]
    baker = [profile for profile in demo_profiles() if profile.key == "ag-digitale-pathologie"]

    [match] = MatchingEngine(real_encoder).fit(baker).rank(need)

    assert match.score < 20
    assert {evidence.verdict for evidence in match.evidence} == {Verdict.NONE}
