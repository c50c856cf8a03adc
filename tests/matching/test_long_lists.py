"""A long list brings points where it answers something, and nowhere else."""

import pytest
from hypothesis import given, settings

from matching import (
    HashingEncoder,
    Match,
    MatchingEngine,
    Need,
    Passage,
    PassageKind,
    Profile,
    Verdict,
)
from matching.long_lists import is_of_items, long_lists
from matching.originality import Said
from tests.matching.profiles import EVERYONE, make_need, make_profile
from tests.matching.strategies import ENCODER, mixed_needs, mixed_profiles

LISTS = {
    "en": "cloud, big data, robotics, internet of things, smart city, agile, resilience, net zero",
    "de": "Cloud, Big Data, Robotik, Internet der Dinge, smarte Stadt, agil, Resilienz, "
    "Kreislaufwirtschaft, Plattform, Energiewende",
    "fr": "nuage, mégadonnées, robotique, internet des objets, ville intelligente, gestion de "
    "crise, analyse de données, résilience",
}
PROSE = {
    "en": "We photograph weddings, christenings and family feasts, in the studio and outdoors.",
    "de": "Wir fotografieren Hochzeiten, Taufen und Familienfeste, im Studio und im Freien.",
    "fr": "Nous photographions les mariages, les baptêmes et les fêtes, en studio et dehors.",
}
AND = {"en": " and ", "de": " und ", "fr": " et "}


def listed(*texts: str, lang: str = "en") -> set[int]:
    said = [Said.of(Passage(text, PassageKind.CAPABILITY, text, lang)) for text in texts]
    return long_lists(said, [n for n, text in enumerate(texts) if is_of_items(text, lang)])


@pytest.mark.parametrize("lang", LISTS)
def test_a_long_list_is_known_however_its_words_are_parted(lang: str) -> None:
    items = LISTS[lang].split(", ")

    forms = [", ".join(items), " ".join(items), AND[lang].join(items), ". ".join(items)]

    assert [listed(form, lang=lang) for form in forms] == [{0}] * 4


@pytest.mark.parametrize("lang", LISTS)
def test_many_short_lists_are_a_long_one_and_few_words_are_none(lang: str) -> None:
    items = LISTS[lang].split(", ")

    assert listed(PROSE[lang], *items, lang=lang) == set(range(1, len(items) + 1))
    assert listed(PROSE[lang], *items[:3], lang=lang) == set()


@pytest.mark.parametrize("lang", LISTS)
def test_sentences_are_no_list(lang: str) -> None:
    assert listed(PROSE[lang], lang=lang) == set()
    assert listed(f"{PROSE[lang]} {PROSE[lang]} {LISTS[lang]}", lang=lang) == set()


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("We photograph weddings. We film, too. We bake. We sing. They pay.", "en"),
        ("Knits sweaters and base layers from Norwegian and merino wool in three towns.", "en"),
        (
            "Berechnet Risiken von Hitze, Starkregen und Sturm für Versicherer, Banken, Städte.",
            "de",
        ),
        ("Conçoit des bornes de courant de quai démontables pour ferries et grands yachts.", "fr"),
    ],
)
def test_terse_sentences_are_no_list(text: str, lang: str) -> None:
    assert listed(text, lang=lang) == set()


@pytest.mark.parametrize(
    "item",
    [
        "internet of things", "Internet der Dinge", "piloté par les données",
        "analyse du cycle de vie",
    ],
)  # fmt: skip
def test_an_item_may_have_joining_words_within(item: str) -> None:
    for lang in LISTS:
        assert listed(*[item] * 4, lang=lang) == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("architecture, construction en bois, chauffage, gestion des installations, toits", "fr"),
        ("Internet der Dinge, Planung am Modell, Lagerung im Hafen, Dächer, Fenster", "de"),
        ("design for reuse, heat from sewage, work at height, roofs, windows", "en"),
    ],
)
def test_a_list_of_such_items_is_one_however_many_words_join(text: str, lang: str) -> None:
    assert listed(text, text, lang=lang) == {0, 1}


def test_a_list_in_a_language_that_is_none_of_ours_is_known_by_its_pieces() -> None:
    assert listed("chmura, dane, roboty, miasto, woda, energia, " * 2, lang="") == {0}


def test_nothing_is_no_list() -> None:
    assert listed("", " … ") == set()


NEED = make_need(
    "Storage of solar power",
    must=("battery storage", "crane for heavy containers of ships in narrow ports at night"),
)
IDLE = "cloud data, solar robotics, agile growth, bright niches, smart blockchain, open platform"
PRODUCTS = "battery storage, inverters, cables, meters, fuses, switches"
OTHER_PRODUCTS = "ovens, mixers, trays, scales, baskets, spoons, forks, narrow lamps"


def explained(*texts: str, need: Need = NEED, is_guarded: bool = True) -> Match:
    profile = make_profile(
        "photographer", "We photograph weddings and feasts for families.", *texts
    )
    engine = MatchingEngine(HashingEncoder(), leave_out_copies=is_guarded)
    return engine.fit([*EVERYONE, profile]).explain(need, "photographer")


@pytest.mark.parametrize(
    "texts", [(IDLE,), tuple(IDLE.split(", "))], ids=["in one passage", "a passage each"]
)
def test_a_list_that_answers_nothing_brings_no_points_and_no_flag(texts: tuple[str, ...]) -> None:
    trusted, found, without = explained(*texts, is_guarded=False), explained(*texts), explained()

    assert trusted.score > without.score + 1
    assert found.score == pytest.approx(without.score, abs=0.1)
    assert (found.flags, found.evidence) == ((), trusted.evidence)


@pytest.mark.parametrize("texts", [(PRODUCTS,), (PRODUCTS, OTHER_PRODUCTS)], ids=["one", "two"])
def test_a_list_that_answers_a_requirement_keeps_all_its_points(texts: tuple[str, ...]) -> None:
    trusted, found = explained(*texts, is_guarded=False), explained(*texts)

    assert found == trusted
    assert [each.verdict for each in found.evidence] == [Verdict.MET, Verdict.NONE]


@pytest.mark.parametrize(
    ("named", "verdict"), [("long night shift", Verdict.NONE), ("night shift", Verdict.PARTLY)]
)
def test_few_words_among_a_list_count_if_they_answer_partly(named: str, verdict: Verdict) -> None:
    """A dozen of them are near to many a thing. What counts is shown, and nothing else does."""
    apart = *IDLE.split(", "), named
    trusted, found = explained(*apart, is_guarded=False), explained(*apart)

    assert trusted.evidence[1].verdict is verdict
    assert found.evidence == trusted.evidence
    assert (found.score == trusted.score) is (verdict is Verdict.PARTLY)


def test_a_few_words_that_answer_nothing_keep_what_they_bring() -> None:
    few = "solar, crane"

    assert explained(few) == explained(few, is_guarded=False)
    assert explained(few).score > explained().score


def test_sentences_that_answer_nothing_keep_what_they_bring() -> None:
    told = "We also lend a crane to those who work on the roofs of the port with solar panels."

    assert explained(told) == explained(told, is_guarded=False)
    assert explained(told).score > explained().score


def test_where_nothing_is_asked_for_a_list_must_be_about_the_theme() -> None:
    need = make_need("Battery storage of solar power")

    assert explained(PRODUCTS, OTHER_PRODUCTS, need=need).score > explained(need=need).score + 20
    assert explained(IDLE, need=need).score == pytest.approx(explained(need=need).score, abs=0.1)
    assert explained(IDLE, need=need, is_guarded=False).score > explained(need=need).score + 1


def test_a_profile_that_only_lists_what_nobody_asked_for_has_no_points() -> None:
    engine = MatchingEngine(HashingEncoder()).fit([*EVERYONE, make_profile("list", IDLE)])

    assert engine.explain(NEED, "list").score == 0
    assert engine.explain(NEED, "list") in engine.rank(NEED)


def test_a_list_that_brings_nothing_hides_nothing_either() -> None:
    """Beside something better it takes points rather, and the guard gives none back."""
    told = "Our battery containers store solar power overnight."

    assert explained(told, IDLE).score <= explained(told).score
    assert explained(told, IDLE).evidence == explained(told).evidence


@pytest.mark.slow
@settings(max_examples=25)
@given(mixed_profiles, mixed_needs)
def test_nobody_has_more_points_or_other_evidence_by_the_guard_unless_flagged(
    found: list[Profile], need: Need
) -> None:
    guarded, trusting = (
        {m.key: m for m in MatchingEngine(ENCODER, leave_out_copies=on).fit(found).rank(need)}
        for on in (True, False)
    )

    for key, match in guarded.items():
        if not match.flags:
            assert match.score <= trusting[key].score
            assert match.evidence == trusting[key].evidence


@pytest.mark.slow
@settings(max_examples=25)
@given(mixed_profiles, mixed_needs)
def test_each_match_is_explained_as_it_is_ranked(found: list[Profile], need: Need) -> None:
    engine = MatchingEngine(ENCODER).fit(found)

    assert [engine.explain(need, each.key) for each in engine.rank(need)] == engine.rank(need)
