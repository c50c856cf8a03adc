"""Who outside the home cluster could help, and what carries over."""

from collections.abc import Sequence

import pytest

from matching import Bridge, HashingEncoder, Match, MatchingEngine, Need, Profile, Verdict, bridges
from tests.matching.profiles import make_need, make_profile

QUAY = make_profile("quay", "We moor ferries at tidal quays with heavy chains.")
TUG = make_profile("tug", "Our tugs moor ferries and tankers at the quays.")
KELP = make_profile(
    "kelp", "We bake bread.", "Underwater cameras look after kelp and ferries along tidal quays."
)
YEAST = make_profile("yeast", "We brew yeast for bakeries.")
BREAD = make_profile("bread", "Underwater cameras for bread, sold to canteens.")
PROFILES = (QUAY, TUG, KELP, YEAST, BREAD)
CLUSTERS = {
    "quay": ["port"],
    "tug": ["port", "food"],
    "kelp": ["sea", "food"],
    "yeast": ["food"],
}
WATCHING = make_need("Watching ferries", must=("cameras for ferries", "a choir"))


def found(
    need: Need = WATCHING,
    profiles: Sequence[Profile] = PROFILES,
    home: Sequence[str] = ("port",),
    most: int = 5,
) -> list[Bridge]:
    matches = MatchingEngine(HashingEncoder()).fit(profiles).rank(need)
    return list(bridges(matches, profiles, CLUSTERS, home, most=most))


def test_the_candidate_from_elsewhere_comes_with_what_carries_over() -> None:
    [bridge] = found()

    assert (bridge.match.key, bridge.clusters) == ("kelp", ("food", "sea"))
    [answer] = bridge.topic.answers
    assert (answer.requirement, answer.verdict) == ("r1", Verdict.MET)
    assert answer.quote == "Underwater cameras look after kelp and ferries along tidal quays."
    assert bridge.topic.words == ("ferries", "quays", "tidal")


def test_who_belongs_to_the_home_as_well_is_no_outsider() -> None:
    assert "tug" not in {bridge.match.key for bridge in found(make_need("Tugs for tankers"))}


def test_who_belongs_to_no_cluster_leads_to_none() -> None:
    need = make_need("Bread", must=("cameras for bread",))

    assert MatchingEngine(HashingEncoder()).fit(PROFILES).rank(need)[0].key == "bread"
    assert "bread" not in {bridge.match.key for bridge in found(need)}


def test_without_an_answer_nothing_carries_over() -> None:
    assert found(make_need("Choirs", must=("a choir that sings",))) == []


def test_where_nothing_is_required_shared_words_are_the_topic() -> None:
    [bridge] = found(make_need("Ferries along quays"))

    assert bridge.match.key == "kelp"
    assert bridge.topic.answers == ()
    assert bridge.topic.words == ("ferries", "quays", "tidal")


@pytest.mark.parametrize("home", [("moon",), ("moon", "mars")])
def test_a_home_without_members_shares_no_words(home: tuple[str, ...]) -> None:
    assert {bridge.match.key for bridge in found(home=home)} >= {"kelp", "tug"}
    assert {bridge.topic.words for bridge in found(home=home)} == {()}
    assert found(make_need("Ferries along quays"), home=home) == []


def test_without_a_home_there_is_no_outside() -> None:
    assert found(home=()) == []


def test_words_that_all_others_use_as_well_do_not_tell() -> None:
    others = [make_profile(f"other{n}", "Ferries, ferries, ferries.") for n in range(4)]

    [bridge] = found(profiles=[*PROFILES, *others])

    assert bridge.topic.words == ("quays", "tidal")


def test_across_languages_the_answer_alone_carries_over() -> None:
    algen = make_profile("kelp", "Sensors LiDAR-4 für Fähren: moor, ferries.", lang="de")
    need = make_need("Watching ferries", must=("LiDAR-4",))

    [bridge] = found(need, profiles=[QUAY, TUG, algen])

    assert [answer.requirement for answer in bridge.topic.answers] == ["r1"]
    assert bridge.topic.words == ()


def test_the_best_come_first_and_no_more_than_asked_for() -> None:
    near = make_profile("yeast", "Cameras for ferries.")
    profiles = (QUAY, TUG, KELP, near)

    assert [bridge.match.key for bridge in found(profiles=profiles)] == ["yeast", "kelp"]
    assert [bridge.match.key for bridge in found(profiles=profiles, most=1)] == ["yeast"]


def test_a_match_whose_profile_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        bridges([Match("kelp", 1, 1.0, {}, ())], [QUAY], CLUSTERS, ["port"])
