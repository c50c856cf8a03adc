"""Of needs a profile is equally near to, it is likelier for those that everybody is nearer to."""

import numpy as np
import pytest

from matching import MatchingEngine, Need
from matching.encoder import HashingEncoder
from matching.nearness import ToldNearness
from matching.usual_needs import UsualNeeds
from matching.weights import Weights
from tests.matching.profiles import make_profile

THINGS = ("apples", "bells", "cranes", "drums", "eggs", "flags", "gates", "hats", "inks", "jars")
EVERYONE = [
    make_profile(thing, f"We build machines that lift {thing} in the harbour.") for thing in THINGS
]
COMMON = Need("common", "Machines that lift goods in the harbour", "", "en")
ODD = Need("odd", "Legal advice about inheritance among cousins", "", "en")
TOLD = [
    Need(f"n{n}", f"{('Machines that lift', 'Advice about')[n % 2]} {THINGS[n % 10]}", "", "en")
    for n in range(100)
]


def engine(*, weight: float = Weights().theme_ahead) -> MatchingEngine:
    weights = Weights(theme_ahead=weight)
    return MatchingEngine(HashingEncoder(), weights=weights).fit(EVERYONE)


def theme(known: MatchingEngine, need: Need) -> float:
    return float(np.mean([match.parts["theme"] for match in known.rank(need)]))


def test_needs_that_everybody_is_near_to_gain_and_odd_ones_lose() -> None:
    plain, ours = engine(weight=0).acquaint(TOLD), engine().acquaint(TOLD)

    assert theme(ours, COMMON) > theme(plain, COMMON)
    assert theme(ours, ODD) < theme(plain, ODD)


def test_needs_like_those_told_before_keep_their_points() -> None:
    plain, ours = engine(weight=0).acquaint([COMMON] * 100), engine().acquaint([COMMON] * 100)

    assert theme(ours, COMMON) == pytest.approx(theme(plain, COMMON))


@pytest.mark.parametrize("need", [COMMON, ODD, TOLD[0]], ids=lambda need: need.key)
def test_the_list_of_one_need_stays_in_order(need: Need) -> None:
    plain, ours = engine(weight=0).acquaint(TOLD), engine().acquaint(TOLD)

    assert [match.key for match in ours.rank(need)] == [match.key for match in plain.rank(need)]


@pytest.mark.parametrize("lang", ["", "de"])
def test_where_no_need_of_its_language_was_told_nothing_changes(lang: str) -> None:
    told = [
        Need(f"n{n}", "Wir bitten um Angebote für Kräne", "", lang)
        for n in range(60 if lang else 0)
    ]

    assert theme(engine().acquaint(told), ODD) == theme(engine(weight=0).acquaint(told), ODD)


def test_few_needs_are_hardly_believed() -> None:
    moved = [
        theme(engine().acquaint(told), COMMON) - theme(engine(weight=0).acquaint(told), COMMON)
        for told in (TOLD[1:4:2], TOLD[1::2])
    ]

    assert 0 < moved[0] < moved[1]


def test_the_order_in_which_needs_are_told_does_not_matter() -> None:
    first, second = (engine().acquaint(told) for told in (TOLD, TOLD[::-1]))

    assert first.rank(ODD) == second.rank(ODD)


@pytest.mark.parametrize(("count", "drawn"), [(0, 0), (1, 1), (32, 32), (33, 32), (500, 32)])
def test_so_many_tell_as_are_there_up_to_a_bound(count: int, drawn: int) -> None:
    known = engine()
    told = [known.prepare(Need(f"{n}", f"Lift {n} cranes", "", "en")) for n in range(count)]

    english, *others = UsualNeeds.of(told, known.background).drawn

    assert len(english) == drawn
    assert [len(each) for each in others] == [0] * len(others)


def test_nothing_is_near_to_an_empty_collection() -> None:
    known = MatchingEngine(HashingEncoder()).fit([]).acquaint(TOLD)

    assert known.rank(COMMON) == []


def test_half_believed_is_half_ahead() -> None:
    near = np.array([2.0, 4.0])

    assert ToldNearness(mean=1.0, belief=0.5).ahead(near) == 1.0
    assert ToldNearness().ahead(near) == 0.0
    assert ToldNearness(mean=1.0, belief=0.5).ahead(near[:0]) == 0.0


def test_to_the_last_bit_it_does_not_matter_in_which_order_profiles_came() -> None:
    near = np.random.default_rng(3).normal(size=1000)
    told = ToldNearness(mean=1.0, belief=0.5)

    assert {told.ahead(np.roll(near, step)) for step in range(50)} == {told.ahead(near)}
