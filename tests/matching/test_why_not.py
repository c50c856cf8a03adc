"""Why not me: the filter or the requirement, and the smallest true change."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import HashingEncoder, MatchingEngine, Need, Passage, Profile, Verdict
from matching.eligibility import Eligibility
from matching.encoder_pair import EncoderPair
from matching.passage_index import PassageIndex
from matching.weights import Weights
from matching.why_not import KeptOff, Listed, ListRule, Outranked, why_not
from scripts.demo_documents import demo_needs, demo_profiles, expected_evidence
from tests.matching.profiles import make_need, make_profile
from tests.matching.strategies import needs, profiles

ENCODER = HashingEncoder()
NEED = make_need(
    "A quiet ferry",
    must=(
        "batteries that last a whole winter day",
        "welding of aluminium hulls",
        "noise measured below the water",
    ),
)
HONEST = {
    "r1": "In frost our batteries last the whole of a winter day.",
    "r2": "Hulls made of aluminium: welding is our trade.",
    "r3": "Below the surface of the water, noise is measured by us.",
}
LEADERS = [
    make_profile("a", HONEST["r1"], HONEST["r2"], HONEST["r3"]),
    make_profile("b", HONEST["r1"], HONEST["r2"]),
]
BAKER = make_profile("baker", "Fresh bread for canteens, baked every morning.")
WELDER = make_profile("welder", HONEST["r2"], "We have a yard.", "We have a crane.")
TWO = ListRule(top=2)


def fitted(*profiles: Profile) -> MatchingEngine:
    return MatchingEngine(ENCODER).fit([*LEADERS, BAKER, WELDER, *profiles])


def outranked(engine: MatchingEngine, key: str, rule: ListRule = TWO) -> Outranked:
    answer = why_not(engine, NEED, key, rule)
    assert isinstance(answer, Outranked)
    return answer


def showing(profile: Profile, requirements: Iterable[str]) -> Profile:
    return make_profile(
        profile.key, *(p.text for p in profile.passages), *(HONEST[key] for key in requirements)
    )


def test_who_is_listed_is_told_so() -> None:
    answer = why_not(fitted(), NEED, "b", TWO)

    assert isinstance(answer, Listed)
    assert (answer.match.key, answer.match.rank) == ("b", 2)


def test_who_is_kept_off_is_told_by_which_filters() -> None:
    sifted = Eligibility(frozenset({"a", "b"}), {"welder": ("region", "size")})

    answer = why_not(fitted(), NEED, "welder", ListRule(top=2, eligibility=sifted))

    assert answer == KeptOff(("region", "size"))


def test_who_is_outranked_is_told_by_what() -> None:
    answer = outranked(fitted(), "welder")

    assert (answer.match.key, answer.match.rank) == ("welder", 3)
    assert answer.last is not None
    assert answer.last.key == "b"
    assert answer.last.score > answer.match.score
    assert [gap.requirement.key for gap in answer.gaps] == ["r1", "r3"]
    assert {gap.found.verdict for gap in answer.gaps} == {Verdict.NONE}


def test_what_is_shown_in_part_is_quoted() -> None:
    demanding = MatchingEngine(ENCODER, weights=Weights(met=0.9999999))
    half = make_profile("half", "Our batteries last long.")

    gap, *_ = outranked(demanding.fit([*LEADERS, half]), "half").gaps

    assert gap.requirement.text == "batteries that last a whole winter day"
    assert (gap.found.verdict, gap.found.quote) == (Verdict.PARTLY, "Our batteries last long.")


def test_the_place_is_one_among_the_eligible() -> None:
    sifted = Eligibility(frozenset({"b", "baker", "welder"}), {"a": ("region",)})

    answer = outranked(fitted(), "baker", ListRule(top=1, eligibility=sifted))

    assert answer.match.rank == 3
    assert answer.last is not None
    assert (answer.last.key, answer.last.rank) == ("b", 1)


@pytest.mark.parametrize("profile", [WELDER, BAKER], ids=["welder", "baker"])
def test_an_honest_sentence_for_each_requirement_named_leads_into_the_list(
    profile: Profile,
) -> None:
    engine = fitted()
    way_in = outranked(engine, profile.key).way_in
    assert way_in

    engine.update([showing(profile, (gap.requirement.key for gap in way_in))])

    assert isinstance(why_not(engine, NEED, profile.key, TWO), Listed)


def test_the_fewest_requirements_are_named() -> None:
    from_nothing, from_one = (outranked(fitted(), key).way_in for key in ("baker", "welder"))

    assert [len(way or ()) for way in (from_nothing, from_one)] == [3, 2]


def test_if_nothing_true_helps_it_is_said() -> None:
    perfect = [make_profile(f"p{n}", " ".join(HONEST.values()), *HONEST.values()) for n in "12"]
    need = replace(NEED, text="Hulls, noise, batteries and winter matter to us.")

    answer = why_not(MatchingEngine(ENCODER).fit([*perfect, BAKER]), need, "baker", TWO)

    assert isinstance(answer, Outranked)
    assert answer.way_in is None
    assert len(answer.gaps) == 3


def test_a_need_without_requirements_has_no_way_in() -> None:
    answer = why_not(fitted(), make_need("Welding of hulls"), "baker", TWO)

    assert isinstance(answer, Outranked)
    assert (answer.gaps, answer.way_in) == ((), None)


def test_the_least_score_is_a_bar_of_its_own() -> None:
    rule = ListRule(top=50, least_score=20)
    engine = fitted()

    answer = outranked(engine, "baker", rule)
    assert answer.way_in is not None
    engine.update([showing(BAKER, (gap.requirement.key for gap in answer.way_in))])

    assert isinstance(why_not(engine, NEED, "baker", rule), Listed)


def test_a_list_that_nobody_reaches_has_no_last() -> None:
    answer = why_not(MatchingEngine(ENCODER).fit([BAKER]), NEED, "baker", ListRule(least_score=99))

    assert isinstance(answer, Outranked)
    assert answer.last is None


def test_a_need_that_says_nothing_has_no_list() -> None:
    with pytest.raises(ValueError, match="no list"):
        why_not(fitted(), make_need("…"), "baker", TWO)


def test_only_known_profiles_are_explained() -> None:
    with pytest.raises(KeyError):
        why_not(fitted(), NEED, "unknown", TWO)
    with pytest.raises(KeyError):
        why_not(fitted(), NEED, "baker", ListRule(eligibility=Eligibility(frozenset(), {})))


@pytest.mark.slow
@settings(max_examples=40)
@given(profiles, needs, st.integers(1, 3))
def test_no_smaller_set_would_do(found: list[Profile], need: Need, top: int) -> None:
    engine = MatchingEngine(HashingEncoder(256)).fit(found)
    for profile in found:
        answer = _answer(engine, need, profile.key, top)
        if not isinstance(answer, Outranked) or answer.last is None:
            continue
        last, own = answer.last, answer.match
        gains = engine.gains(need, profile.key)
        open_ = [gap.requirement.key for gap in answer.gaps]
        sizes = [
            len(some)
            for size in range(len(open_) + 1)
            for some in combinations(open_, size)
            if (-own.score - sum(gains[key] for key in some), own.key) < (-last.score, last.key)
        ]
        assert (None if answer.way_in is None else len(answer.way_in)) == min(sizes, default=None)


@pytest.mark.slow
@settings(max_examples=40)
@given(profiles, needs)
def test_a_longer_list_never_asks_for_more(found: list[Profile], need: Need) -> None:
    engine = MatchingEngine(HashingEncoder(256)).fit(found)
    for profile in found:
        asked = [_size(_answer(engine, need, profile.key, top)) for top in range(1, len(found) + 1)]
        assert asked == sorted(asked, reverse=True)
        assert asked[-1] == 0


def _answer(engine: MatchingEngine, need: Need, key: str, top: int) -> Listed | KeptOff | Outranked:
    return why_not(engine, need, key, ListRule(top=top))


def _size(answer: Listed | KeptOff | Outranked) -> float:
    if isinstance(answer, Outranked):
        return len(answer.way_in) if answer.way_in is not None else float("inf")
    return 0


@pytest.mark.slow
def test_borrowed_honest_passages_lead_into_the_demos_lists(
    pair: EncoderPair, demo_index: PassageIndex
) -> None:
    """Whoever is told a way in gets there by passages of others that do show what is named."""
    profile_by_key = {profile.key: profile for profile in demo_profiles()}
    engine = MatchingEngine(pair).restore(demo_index)
    need = demo_needs()["landstrom-ohne-baustelle"]["de"]
    by_requirement = {
        key: orgs for (of, key), orgs in expected_evidence().items() if of == need.key
    }
    entered = []
    for match in engine.rank(need, top=40, explain=False)[12:40:7]:
        answer = why_not(engine, need, match.key, ListRule(top=10))
        assert isinstance(answer, Outranked)
        assert answer.way_in
        shown = [
            showing_best(engine, need, gap.requirement.key, by_requirement, profile_by_key)
            for gap in answer.way_in
        ]
        honest = profile_by_key[match.key]
        engine.update([replace(honest, passages=(*honest.passages, *shown))])
        entered.append(isinstance(why_not(engine, need, match.key, ListRule(top=10)), Listed))
        engine.update([honest])

    assert entered == [True] * 4


def showing_best(
    engine: MatchingEngine,
    need: Need,
    requirement: str,
    by_requirement: Mapping[str, set[str]],
    profile_by_key: Mapping[str, Profile],
) -> Passage:
    """The passage of another organisation that answers a requirement best."""
    found = [
        (evidence.strength, key, evidence.passage)
        for key in sorted(by_requirement[requirement])
        for evidence in engine.explain(need, key).evidence
        if evidence.requirement == requirement and evidence.verdict is Verdict.MET
    ]
    _, key, passage_key = max(found)
    [passage] = [p for p in profile_by_key[key].passages if p.key == passage_key]
    return replace(passage, key=f"borrowed-{requirement}")
