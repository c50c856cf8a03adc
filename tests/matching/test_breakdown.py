"""Which needs got worse, and of what kind they are."""

import pytest

from matching import Need
from matching.evaluation.breakdown import (
    Change,
    Ranked,
    changes,
    grouped,
    language_of,
    length_of,
    most_lost,
)
from matching.evaluation.metrics import METRICS

NEEDS = [
    Need("n1", "Solar power", "", "en"),
    Need("n2", "Brot für Kantinen im ganzen Land", "", "de"),
    Need("n3", "Never judged", "", "en"),
    Need("n4", "Never ranked", "", "en"),
]
GRADES = {"n1": {"solar": 1.0}, "n2": {"bread": 1.0}, "n4": {"bread": 1.0}}
BEFORE = {"n1": [("solar", 9.0), ("law", 1.0)], "n3": [("law", 1.0)]}
AFTER = {"n1": [("law", 5.0), ("solar", 4.0)], "n2": [("bread", 8.0)]}


@pytest.fixture
def changed() -> list[Change]:
    return changes(NEEDS, GRADES, METRICS["MRR@100"], before=BEFORE, after=AFTER)


def test_a_change_tells_both_rankings(changed: list[Change]) -> None:
    assert changed == [
        Change(NEEDS[0], Ranked(1, 1, "solar"), Ranked(0.5, 2, "law")),
        Change(NEEDS[1], Ranked(0, None, ""), Ranked(1, 1, "bread")),
    ]


def test_the_losses_are_listed_most_first(changed: list[Change]) -> None:
    slight = Change(NEEDS[3], Ranked(1, 1, "bread"), Ranked(0.9, 1, "bread"))

    assert [each.need.key for each in most_lost([slight, *changed], 5)] == ["n1", "n4"]
    assert [each.need.key for each in most_lost([slight, *changed], 1)] == ["n1"]
    assert most_lost(changed[1:], 5) == []


def test_groups_tell_their_means_and_gain(changed: list[Change]) -> None:
    [everyone] = grouped(changed, lambda _: "all")
    german, english = grouped(changed, language_of)

    assert (everyone.count, everyone.before, everyone.after) == (2, 0.5, 0.75)
    assert everyone.gain.mean == 0.25
    assert not everyone.gain.excludes_zero
    assert (german.kind, german.count, german.gain.mean) == ("de", 1, 1)
    assert (english.kind, english.count, english.gain.mean) == ("en", 1, -0.5)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "up to 3 words"),
        (3, "up to 3 words"),
        (4, "4 to 12 words"),
        (60, "13 to 60 words"),
        (61, "more than 60 words"),
    ],
)
def test_lengths_are_classed_by_words(count: int, expected: str) -> None:
    assert length_of(Need("n", "", "word " * count)) == expected


def test_a_language_that_is_not_declared_is_its_own_group() -> None:
    assert language_of(Need("n", "Solar", "")) == "not told"
