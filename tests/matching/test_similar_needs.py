"""Which needs ask for the same."""

from collections.abc import Sequence

import pytest
from typing_extensions import override

from matching import (
    HashingEncoder,
    Likeness,
    MatchingEngine,
    Need,
    Requirement,
    SimilarNeeds,
)
from matching.encoder import Vectors


class CountingEncoder(HashingEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    @override
    def encode_needs(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().encode_passages(texts)


def need(key: str, title: str, *asked: str, lang: str = "en") -> Need:
    requirements = tuple(Requirement(f"{key}{n}", text) for n, text in enumerate(asked, 1))
    return Need(key, title, "", lang, requirements)


TOWN = need(
    "t",
    "Shore power for ferries at the old quay walls",
    "no drilling of quay walls",
    "six megawatts of power",
)
PORT = need(
    "p",
    "Shore power for ferries at the old quay walls",
    "six megawatts of power",
    "paint",
    "no drilling of quay walls",
)
CANTEEN = need("c", "Fewer leftovers in school canteens", "a forecast of guests")
WOOL = need("w", "Spinning yarn from old wool")
EMPTY = need("e", "…")


@pytest.fixture
def similar() -> SimilarNeeds:
    return SimilarNeeds(MatchingEngine(HashingEncoder()), [WOOL, PORT, TOWN, EMPTY, CANTEEN])


def test_the_same_call_told_twice_is_a_duplicate(similar: SimilarNeeds) -> None:
    first, *others = similar.of("t")

    assert (first.need, first.likeness) == ("p", Likeness.DUPLICATE)
    assert {other.likeness for other in others} == {Likeness.DIFFERENT}
    assert {other.need for other in others} == {"c", "w"}


def test_shared_requirements_are_paired_one_to_one(similar: SimilarNeeds) -> None:
    [found, *_] = similar.of("t")

    assert [(each.own, each.other) for each in found.requirements] == [("t1", "p3"), ("t2", "p1")]
    assert {other.requirements for other in similar.of("t")[1:]} == {()}


def test_seen_from_the_other_need_it_is_the_same(similar: SimilarNeeds) -> None:
    here, there = similar.of("t")[0], similar.of("p")[0]

    assert there.need == "t"
    assert there.closeness == pytest.approx(here.closeness)
    assert {(each.other, each.own) for each in there.requirements} == {
        (each.own, each.other) for each in here.requirements
    }


def test_each_pair_that_resembles_is_told_once(similar: SimilarNeeds) -> None:
    [(key, found)] = similar.pairs()

    assert (key, found.need, found.likeness) == ("p", "t", Likeness.DUPLICATE)


def test_a_need_without_words_resembles_none(similar: SimilarNeeds) -> None:
    assert similar.of("e") == []
    assert "e" not in {found.need for key in "tpcw" for found in similar.of(key)}


def test_no_more_than_asked_for(similar: SimilarNeeds) -> None:
    assert [found.need for found in similar.of("t", most=1)] == ["p"]


def test_one_need_alone_and_no_need_at_all_resemble_none() -> None:
    engine = MatchingEngine(HashingEncoder())

    assert SimilarNeeds(engine, [TOWN]).of("t") == []
    assert SimilarNeeds(engine, []).pairs() == []


def test_prepared_needs_are_not_encoded_again() -> None:
    encoder = CountingEncoder()
    engine = MatchingEngine(encoder)
    prepared = [engine.prepare(each) for each in (TOWN, PORT)]
    SimilarNeeds(engine, prepared)
    encoder.asked.clear()

    SimilarNeeds(engine, prepared).of("t")

    assert encoder.asked == []


def test_two_needs_of_the_same_key_are_refused() -> None:
    with pytest.raises(ValueError, match="same key"):
        SimilarNeeds(MatchingEngine(HashingEncoder()), [TOWN, EMPTY, TOWN])


def test_a_need_that_is_not_there_is_refused(similar: SimilarNeeds) -> None:
    with pytest.raises(KeyError):
        similar.of("unknown")
