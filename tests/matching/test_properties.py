"""What holds for all profiles and needs, not only for those in the other tests."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from matching import HashingEncoder, Match, MatchingEngine, Need, Profile, Verdict
from tests.matching.profiles import make_need, make_profile

WORDS = (
    "solar",
    "storage",
    "harbour",
    "battery",
    "ships",
    "bread",
    "law",
    "patent",
    "water",
    "noise",
)
ENCODER = HashingEncoder(256)
sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
texts = st.lists(sentences, min_size=1, max_size=4).map(lambda parts: ". ".join(parts) + ".")
profiles = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.lists(texts, max_size=3), min_size=1, max_size=6
).map(lambda found: [make_profile(key, *said) for key, said in found.items()])
needs = st.builds(
    lambda title, text, must: make_need(title, text, must=tuple(must)),
    sentences,
    texts,
    st.lists(sentences, max_size=3),
)


def ranking(found: list[Profile], need: Need) -> list[Match]:
    return MatchingEngine(ENCODER).fit(found).rank(need)


@settings(max_examples=25, deadline=None)
@given(profiles, needs, st.integers())
def test_the_order_of_input_does_not_matter(found: list[Profile], need: Need, seed: int) -> None:
    shuffled = list(found)
    Random(seed).shuffle(shuffled)  # noqa: S311 -- an order, not a secret

    assert ranking(shuffled, need) == ranking(found, need)


@settings(max_examples=25, deadline=None)
@given(profiles, needs)
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


@settings(max_examples=25, deadline=None)
@given(profiles, needs)
def test_identical_profiles_tie(found: list[Profile], need: Need) -> None:
    twin = Profile("zz", found[0].passages)

    score_by_key = {match.key: match.score for match in ranking([*found, twin], need)}

    assert score_by_key["zz"] == score_by_key[found[0].key]


@settings(max_examples=25, deadline=None)
@given(profiles, needs)
def test_removing_a_passage_never_adds_evidence(found: list[Profile], need: Need) -> None:
    whole = max(found, key=lambda profile: len(profile.passages))
    less = Profile(whole.key, whole.passages[1:])

    before = MatchingEngine(ENCODER).fit([whole]).explain(need, whole.key)
    after = MatchingEngine(ENCODER).fit([less]).explain(need, whole.key)

    for had, has in zip(before.evidence, after.evidence, strict=True):
        assert has.strength <= had.strength + 1e-6


@settings(max_examples=25, deadline=None)
@given(profiles, needs)
def test_a_profile_that_is_added_changes_no_evidence_of_others(
    found: list[Profile], need: Need
) -> None:
    stranger = make_profile("zz", "Yodelling lessons and alpine cheese.")

    before = {match.key: match for match in ranking(found, need)}
    after = {match.key: match for match in ranking([*found, stranger], need)}

    for key, match in before.items():
        assert [(e.verdict, e.quote) for e in after[key].evidence] == [
            (e.verdict, e.quote) for e in match.evidence
        ]
