"""Who comes first, and what never changes the order."""

from dataclasses import replace

import pytest

from matching import HashingEncoder, MatchingEngine
from matching.engine import NotFittedError
from tests.matching.profiles import (
    BAKERY,
    EVERYONE,
    HARBOUR,
    LAW,
    SOLAR,
    STORAGE,
    make_need,
    make_profile,
)


@pytest.fixture
def engine() -> MatchingEngine:
    return MatchingEngine(HashingEncoder()).fit(EVERYONE)


def test_the_profile_that_answers_comes_first(engine: MatchingEngine) -> None:
    first, second, *_ = engine.rank(STORAGE)

    assert (first.key, first.rank, second.rank) == ("solar", 1, 2)
    assert first.score > 40
    assert second.score < 10


def test_the_list_is_as_long_as_asked_for_even_if_nobody_fits(engine: MatchingEngine) -> None:
    need = make_need("Quantum chess tournaments")

    assert [len(engine.rank(need, top=top)) for top in (1, 3, 50)] == [1, 3, 4]
    assert max(match.score for match in engine.rank(need)) < 10


def test_only_eligible_profiles_appear(engine: MatchingEngine) -> None:
    found = engine.rank(STORAGE, eligible={"law", "bakery", "unknown"})

    assert {match.key for match in found} == {"law", "bakery"}
    assert [match.rank for match in found] == [1, 2]


def test_ties_are_broken_by_key() -> None:
    same = "We repair clocks."
    engine = MatchingEngine(HashingEncoder()).fit(make_profile(key, same) for key in "cab")

    found = engine.rank(make_need("Somebody who repairs clocks"))

    assert [match.key for match in found] == ["a", "b", "c"]
    assert len({match.score for match in found}) == 1


def test_parts_add_up_to_the_score(engine: MatchingEngine) -> None:
    for match in engine.rank(STORAGE):
        assert set(match.parts) == {"requirements", "theme", "words"}
        assert sum(match.parts.values()) == pytest.approx(match.score)


def test_without_requirements_theme_and_words_make_the_whole_score(engine: MatchingEngine) -> None:
    best = engine.rank(make_need("Solar panels on warehouse roofs"))[0]

    assert (best.key, best.parts["requirements"]) == ("solar", 0)
    assert best.score > 60


def test_a_must_counts_more_than_a_wish() -> None:
    engine = MatchingEngine(HashingEncoder()).fit([HARBOUR, LAW])
    need = make_need("Help", must=("pilots for container ships", "advice on contract law"))
    pilots, advice = need.requirements

    pilots_first = replace(need, requirements=(pilots, replace(advice, must=False)))
    advice_first = replace(need, requirements=(replace(pilots, must=False), advice))

    assert engine.rank(pilots_first, top=1)[0].key == "harbour"
    assert engine.rank(advice_first, top=1)[0].key == "law"


def test_explain_tells_the_same_as_rank(engine: MatchingEngine) -> None:
    assert [engine.explain(STORAGE, m.key) for m in engine.rank(STORAGE)] == engine.rank(STORAGE)


def test_explain_knows_only_known_profiles(engine: MatchingEngine) -> None:
    with pytest.raises(KeyError):
        engine.explain(STORAGE, "unknown")


def test_ranking_without_explanation_gives_the_same_order_and_no_evidence(
    engine: MatchingEngine,
) -> None:
    quick, full = engine.rank(STORAGE, explain=False), engine.rank(STORAGE)

    assert quick == [replace(match, evidence=()) for match in full]


def test_an_empty_need_has_no_matches(engine: MatchingEngine) -> None:
    empty = make_need(" ", "\n…", must=("?",))

    assert engine.rank(empty) == []
    assert engine.explain(empty, "solar").score == 0


def test_a_need_in_another_language_is_compared_by_meaning(engine: MatchingEngine) -> None:
    polish = make_need("Szukamy baterii, która magazynuje energię słoneczną", lang="")

    assert len(engine.rank(polish)) == len(EVERYONE)
    assert {match.parts["words"] for match in engine.rank(polish)} == {0}


def test_a_profile_without_text_scores_nothing() -> None:
    engine = MatchingEngine(HashingEncoder()).fit(
        [SOLAR, make_profile("empty"), make_profile("e", "")]
    )

    found = {match.key: match for match in engine.rank(STORAGE)}

    assert (found["empty"].score, found["e"].score) == (0, 0)
    assert {e.verdict for e in found["empty"].evidence} == {"none"}


def test_no_profiles_no_matches() -> None:
    assert MatchingEngine(HashingEncoder()).fit([]).rank(STORAGE) == []


def test_an_engine_must_be_fitted_first() -> None:
    with pytest.raises(NotFittedError):
        MatchingEngine(HashingEncoder()).rank(STORAGE)


def test_keys_must_be_unique() -> None:
    with pytest.raises(ValueError, match="same key"):
        MatchingEngine(HashingEncoder()).fit([BAKERY, BAKERY])


def test_words_of_another_language_do_not_count_but_names_do() -> None:
    engine = MatchingEngine(HashingEncoder()).fit(
        [
            make_profile("chef", "Der Chef backt Brot.", lang="de"),
            make_profile("lidar", "Wir liefern LiDAR-Sensoren.", lang="de"),
        ]
    )

    cook = engine.rank(make_need("A chef"), top=1)[0]
    lidar = engine.rank(make_need("A LiDAR scan"), top=1)[0]

    assert cook.parts["words"] == 0
    assert (lidar.key, lidar.parts["words"] > 0) == ("lidar", True)


def test_what_else_a_long_passage_says_does_not_dilute_it() -> None:
    short = " ".join(["We install solar panels on the roofs of warehouses."] * 19)
    long = " ".join([short, *["Our bakers bring fresh bread to school canteens."] * 40])
    engine = MatchingEngine(HashingEncoder(), leave_out_copies=False).fit(
        [make_profile("long", long), make_profile("short", short)]
    )

    need = make_need("Solar panels on roofs of warehouses")
    theme_by_key = {match.key: match.parts["theme"] for match in engine.rank(need)}

    assert theme_by_key["long"] > 0.9 * theme_by_key["short"] > 0
