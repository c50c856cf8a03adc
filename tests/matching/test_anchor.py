"""Passages stand beside a need that says the same in another language."""

from collections.abc import Sequence
from statistics import fmean

import numpy as np
import pytest
from typing_extensions import override

from matching import HashingEncoder, MatchingEngine, Need, Profile
from matching.anchor import Anchor, anchors_of
from matching.background_texts import STATEMENTS
from matching.candidates import DEFAULT_LIMITS, Limits
from matching.encoder import Vectors
from matching.encoder_pair import EncoderPair
from matching.evaluation.agreement import rank_biased_overlap
from matching.inquiry import Inquiry
from matching.text import LANGUAGES, fold, words
from tests.matching.profiles import make_need, make_profile

ENGLISH, GERMAN = 0, 1
ROUGH = Limits(in_full=1, candidates=50, typical=50)
GLOSSARY = {"boote": "boats", "holz": "wooden", "fluss": "river", "werkstatt": "workshop"}


class KnowsWords(HashingEncoder):
    """Stands in for an encoder of every language: some German words are where English ones are."""

    @override
    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        known = [
            " ".join(GLOSSARY.get(fold(word.text), word.text) for word in words(text))
            for text in texts
        ]
        return super().encode_passages(known)


PAIR = EncoderPair(KnowsWords(512), HashingEncoder(512))
SAYS = make_need("Boote aus Holz sucht die Werkstatt am Fluss.", lang="de")
NAMES = make_need("Boote aus Holz sucht die Werkstatt am Fluss", lang="de")
IN_ENGLISH = make_need("The river workshop wants wooden boats repaired.")
TOLD = make_profile("told", "The river workshop repairs wooden boats and their masts.")
TWIN = make_profile("twin", "The river workshop repairs wooden boats and their masts.")
MASTS = make_profile("masts", "Masts and whoever repairs them.")
OTHERS = (
    MASTS,
    make_profile("bread", "Fresh bread for canteens, baked every morning."),
    make_profile("law", "We advise founders on contract law and patents."),
    make_profile("brot", "Wir backen jeden Morgen frisches Brot.", lang="de"),
)


def engine(*profiles: Profile) -> MatchingEngine:
    return MatchingEngine(PAIR).fit([*OTHERS, *profiles])


def theme(known: MatchingEngine, need: Need, key: str) -> float:
    return known.explain(need, key).parts["theme"]


def line_of(known: MatchingEngine, need: Need) -> Vectors:
    language = LANGUAGES.index(need.lang)
    vectors = known.prepare(need).vectors[:1]
    return known.index_.background.centred_needs(vectors, np.array([language]))


def anchors(known: MatchingEngine, need: Need, limits: Limits = DEFAULT_LIMITS) -> list[Anchor]:
    language = LANGUAGES.index(need.lang)
    return anchors_of(known.index_, line_of(known, need), language, limits)


def test_whoever_is_near_to_what_says_the_same_comes_nearer() -> None:
    known = engine(TOLD)

    assert theme(known, SAYS, "masts") > theme(known, NAMES, "masts") + 0.5
    assert theme(known, SAYS, "bread") == pytest.approx(theme(known, NAMES, "bread"), abs=0.3)


@pytest.mark.parametrize(
    ("need", "is_anchored"),
    [(SAYS, True), (NAMES, False), (IN_ENGLISH, False)],
    ids=["a statement", "a label", "in the same language"],
)
def test_what_is_asked_depends_on_what_is_said_there(need: Need, *, is_anchored: bool) -> None:
    question = engine().prepare(need)

    beside, alone = (
        Inquiry(known.index_, question, DEFAULT_LIMITS).sketch.lines.low
        for known in (engine(TOLD), engine())
    )

    assert (beside != alone).any() == is_anchored


def test_where_nobody_says_the_same_nothing_is_added() -> None:
    [found] = anchors(engine(TOLD), SAYS)

    assert found.language == ENGLISH
    assert found.share > 0.3
    assert anchors(engine(), SAYS) == []
    assert anchors(MatchingEngine(PAIR).fit([]), SAYS) == []


@pytest.mark.parametrize("asked_in", LANGUAGES)
@pytest.mark.parametrize("said_in", LANGUAGES)
def test_passages_of_every_other_language_may_be_an_anchor(said_in: str, asked_in: str) -> None:
    """Names of metals are read as words of whatever language is declared."""
    metals = "Kobalt, Nickel, Titan, Wolfram, Zink."
    known = MatchingEngine(PAIR).fit([make_profile("metals", metals, lang=said_in)])

    found = anchors(known, make_need(metals, lang=asked_in))

    expected = [] if said_in == asked_in else [said_in]
    assert [LANGUAGES[each.language] for each in found] == expected
    assert all(0.1 <= each.share <= 2 / 3 for each in found)


def test_where_a_hundred_are_as_near_none_is_an_anchor() -> None:
    crowd = [
        make_profile(f"p{number}", f"{TOLD.passages[0].text} Number {number}.")
        for number in range(99)
    ]

    assert anchors(engine(TOLD, *crowd[:9]), SAYS)
    assert anchors(engine(TOLD, *crowd), SAYS) == []


def test_texts_that_are_twins_are_one_answer() -> None:
    [alone], [twins] = anchors(engine(TOLD), SAYS), anchors(engine(TOLD, TWIN), SAYS)

    assert twins.share == alone.share
    assert (twins.vector == alone.vector).all()
    assert theme(engine(TOLD, TWIN), SAYS, "told") == theme(engine(TOLD, TWIN), SAYS, "twin")


def test_who_is_gone_has_no_say() -> None:
    left = engine(TOLD)
    left.remove(["told"])

    assert left.rank(SAYS) == engine().rank(SAYS)


def test_it_does_not_depend_on_the_way_profiles_came() -> None:
    other = MatchingEngine(PAIR).fit([TOLD])
    for profile in OTHERS[::-1]:
        other.update([profile])

    assert other.rank(SAYS) == engine(TOLD).rank(SAYS)


def test_who_may_appear_has_no_say() -> None:
    known = engine(TOLD)
    scores = {match.key: match.score for match in known.rank(SAYS)}

    [alone] = known.rank(SAYS, eligible=["masts"])

    assert alone.score == scores["masts"]


def test_a_first_look_finds_the_same() -> None:
    known = engine(TOLD, *(make_profile(f"p{n}", f"Shop {n} sells tea {n}.") for n in range(200)))

    [near], [rough] = anchors(known, SAYS), anchors(known, SAYS, ROUGH)

    assert rough.share == pytest.approx(near.share, rel=0.01)
    assert rough.vector == pytest.approx(near.vector, abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "asked"), [("en", "de"), ("en", "fr"), ("de", "en"), ("fr", "de"), ("fr", "en")]
)
def test_lists_of_one_statement_in_two_languages_are_alike(
    pair: EncoderPair, said: str, asked: str
) -> None:
    """Asked as labels they are less so."""
    known = MatchingEngine(pair, learn_words=False).fit(
        make_profile(f"{number:03}", text, lang=said)
        for number, text in enumerate(STATEMENTS[said])
    )

    def order(text: str, spoken: str) -> list[str]:
        need = make_need(text, lang=spoken)
        return [match.key for match in known.rank(need, top=len(known.keys), explain=False)]

    def overlap(end: str) -> float:
        """:param end: of each statement, instead of a full stop"""
        told = [
            (one.rstrip(".") + end, other.rstrip(".") + end)
            for one, other in zip(STATEMENTS[said], STATEMENTS[asked], strict=True)
        ]
        lists = [(order(one, said), order(other, asked)) for one, other in told]
        return fmean(rank_biased_overlap(*two, persistence=0.9) for two in lists)

    assert overlap(".") >= 0.7
    assert overlap(".") > overlap("") + 0.05
