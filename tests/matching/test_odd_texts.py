"""Texts nobody expects: empty, foreign, endless, monotonous, broken. Each beside a sound one."""

import pytest

from matching import HashingEncoder, MatchingEngine, Need, Verdict
from matching.encoder_pair import EncoderPair
from tests.matching.profiles import EVERYONE, SOLAR, STORAGE, make_need, make_profile

FOREIGN = {
    "Norwegian": ("nb", "Vi søker batterier som lagrer solkraft over natten i havnen."),
    "Finnish": ("fi", "Etsimme akkuja, jotka varastoivat aurinkoenergiaa yön yli satamassa."),
    "Polish": ("pl", "Szukamy baterii, która magazynuje energię słoneczną przez noc w porcie."),
    "Greek": ("el", "Αναζητούμε μπαταρία που αποθηκεύει ηλιακή ενέργεια τη νύχτα στο λιμάνι."),
    "Chinese": ("zh", "我们正在寻找能够在港口整夜储存太阳能的电池。"),
}
ENDLESS = "Our canteen serves soup and salad on every working day of the week. " * 1500
MONOTONOUS = "solar " * 17_000


@pytest.fixture
def engine() -> MatchingEngine:
    return MatchingEngine(HashingEncoder()).fit(EVERYONE)


@pytest.mark.parametrize(
    "silent",
    [
        make_need(),
        make_need(" ", "\n\t…", must=("?",)),
        make_need("– — …", "!!! ??? ***", must=("(…)", "//")),
        make_need("the", "of and with", must=("which is that", "to be")),
        make_need("und", "mit der, die das", must=("von dem",), lang="de"),
    ],
    ids=["empty", "blank", "punctuation", "stop words", "German stop words"],
)
def test_a_need_that_says_nothing_has_no_matches(engine: MatchingEngine, silent: Need) -> None:
    assert engine.rank(silent) == []
    assert engine.explain(silent, "solar").score == 0


@pytest.mark.parametrize("title", ["Solar", "IT", "Solar and the", "5G"])
def test_one_word_or_name_is_enough(engine: MatchingEngine, title: str) -> None:
    assert len(engine.rank(make_need(title))) == len(EVERYONE)


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "found out"])
@pytest.mark.parametrize(("code", "text"), FOREIGN.values(), ids=FOREIGN.keys())
def test_a_need_in_an_unknown_language_is_ranked_without_its_words(
    engine: MatchingEngine, code: str, text: str, *, declared: bool
) -> None:
    found = engine.rank(make_need(text, must=(text,), lang=code if declared else ""))

    assert [match.rank for match in found] == [1, 2, 3, 4]
    assert max(match.parts["words"] for match in found) < 1


@pytest.mark.slow
@pytest.mark.parametrize(("code", "text"), FOREIGN.values(), ids=FOREIGN.keys())
def test_a_need_in_an_unknown_language_is_understood_by_the_model(
    engine_with_model: MatchingEngine, code: str, text: str
) -> None:
    best, *_ = engine_with_model.rank(make_need(text, must=(text,), lang=code))

    assert best.key == "solar"
    assert best.evidence[0].strength >= 0.7


def test_a_passage_in_an_unknown_language_is_kept_like_any_other() -> None:
    profiles = [make_profile(name, text, lang="") for name, (_, text) in FOREIGN.items()]
    found = MatchingEngine(HashingEncoder()).fit([*profiles, SOLAR]).rank(STORAGE)

    assert found[0].key == "solar"
    assert {match.key for match in found[1:]} == set(FOREIGN)


def test_profiles_without_text_come_last_in_key_order(engine: MatchingEngine) -> None:
    engine.update([make_profile("e1"), make_profile("e2", ""), make_profile("e3", "…", " \n")])

    last = engine.rank(STORAGE)[-3:]

    assert {match.key for match in last} == {"e1", "e2", "e3"}
    assert {each.verdict for match in last for each in match.evidence} == {Verdict.NONE}


@pytest.mark.parametrize("text", ["", "?", "– …", "the of"])
def test_nothing_is_evidence_for_a_requirement_without_words(
    engine: MatchingEngine, text: str
) -> None:
    need = make_need("Storage of solar power", must=("battery that stores solar power", text))

    for match in engine.rank(need):
        assert match.evidence[1].verdict is Verdict.NONE
    assert engine.rank(need)[0].evidence[0].verdict is Verdict.MET


@pytest.mark.parametrize("long", [ENDLESS, MONOTONOUS], ids=["endless", "monotonous"])
def test_long_passages_do_not_hide_others(engine: MatchingEngine, long: str) -> None:
    assert len(long) > 100_000
    engine.update([make_profile("long", long), make_profile("both", long, SOLAR.passages[1].text)])

    scores = {match.key: match.score for match in engine.rank(STORAGE)}

    assert scores["long"] < scores["both"]
    assert scores["solar"] > 40


@pytest.mark.slow
@pytest.mark.parametrize("long", [ENDLESS, MONOTONOUS], ids=["endless", "monotonous"])
def test_a_long_need_is_answered(engine: MatchingEngine, long: str) -> None:
    need = make_need("Storage of solar power", long, must=("battery that stores solar power", long))

    assert len(engine.rank(need)) == len(EVERYONE)
    assert engine.explain(need, "solar").evidence[0].verdict is Verdict.MET


BROKEN = (
    "Our\x00battery\x07 containers\x1b[31m store\ufeff solar\u200b power\u202e overnight.\ufffd"
)


def test_control_characters_are_quoted_as_they_are(engine: MatchingEngine) -> None:
    engine.update([make_profile("broken", BROKEN)])

    [evidence, _] = engine.explain(STORAGE, "broken").evidence

    assert evidence.verdict is Verdict.MET
    assert evidence.quote == BROKEN.rstrip("\ufffd") or evidence.quote in BROKEN


def test_a_need_with_control_characters_finds_the_same(engine: MatchingEngine) -> None:
    clean = make_need("Storage of solar power", must=("battery that stores solar power",))
    broken = make_need("Storage\x00of solar\x07power", must=("battery\x1bthat stores solar power",))

    assert [m.key for m in engine.rank(broken)] == [m.key for m in engine.rank(clean)]


@pytest.fixture(scope="module")
def engine_with_model(bundled: EncoderPair) -> MatchingEngine:
    return MatchingEngine(bundled).fit(EVERYONE)


@pytest.mark.slow
def test_the_model_stands_odd_texts(bundled: EncoderPair) -> None:
    odd = [MONOTONOUS, BROKEN, "", "\x00", "水", "e\u0301" * 2000]

    for vectors in (bundled.encode_needs(odd), bundled.encode_passages(odd)):
        assert vectors.shape == (len(odd), bundled.dimension)
        assert abs((vectors**2).sum(axis=1) - 1).max() < 1e-3
