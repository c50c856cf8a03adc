"""Filters decide who may appear, and are named to those who may not."""

from collections.abc import Mapping
from functools import partial
from operator import ne

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import HashingEncoder, MatchingEngine
from matching.eligibility import Filter, sift
from tests.matching.profiles import EVERYONE, STORAGE

Facts = Mapping[str, tuple[str, ...]]
FACTS: dict[str, Facts] = {
    "solar": {"region": ("hamburg",), "certificates": ("iso-9001", "iso-27001")},
    "harbour": {"region": ("oslo",), "certificates": ("iso-9001",)},
    "law": {"region": ("oslo",), "certificates": ()},
}


def region(*wanted: str) -> Filter[Facts]:
    return Filter.any_of("region", lambda facts: facts["region"], wanted)


def certificate(*wanted: str) -> Filter[Facts]:
    return Filter.any_of("certificate", lambda facts: facts["certificates"], wanted)


def test_who_passes_all_filters_is_eligible() -> None:
    found = sift([region("hamburg", "oslo"), certificate("iso-9001")], FACTS)

    assert found.eligible == {"solar", "harbour"}


def test_whoever_is_kept_off_is_told_all_filters_in_their_order() -> None:
    found = sift([region("hamburg"), certificate("iso-9001")], FACTS)

    assert found.kept_off_by == {"harbour": ("region",), "law": ("region", "certificate")}


def test_a_filter_that_wants_nothing_keeps_nobody_off() -> None:
    assert sift([region(), certificate()], FACTS).eligible == FACTS.keys()
    assert sift([], FACTS).kept_off_by == {}


def test_a_filter_may_be_any_condition() -> None:
    small = Filter[int]("size", lambda staff: staff < 250)

    assert sift([small], {"one": 12, "other": 900}).kept_off_by == {"other": ("size",)}


def test_names_must_be_unique() -> None:
    with pytest.raises(ValueError, match="same name"):
        sift([region("oslo"), region("hamburg")], FACTS)


def test_the_engine_lists_the_eligible_alone() -> None:
    engine = MatchingEngine(HashingEncoder()).fit(EVERYONE)
    found = sift([region("oslo")], FACTS)

    assert {match.key for match in engine.rank(STORAGE, eligible=found.eligible)} == {
        "harbour",
        "law",
    }


numbers = st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(0, 9))


@given(numbers, st.lists(st.integers(0, 9), max_size=4, unique=True))
def test_one_filter_more_never_lets_anybody_in(facts: dict[str, int], refused: list[int]) -> None:
    filters = [Filter[int](str(each), partial(ne, each)) for each in refused]

    fewer, more = sift(filters[1:], facts), sift(filters, facts)

    assert more.eligible <= fewer.eligible
    assert more.eligible | more.kept_off_by.keys() == facts.keys()
    assert not more.eligible & more.kept_off_by.keys()
    assert all(
        set(fewer.kept_off_by[key]) <= set(more.kept_off_by[key]) for key in fewer.kept_off_by
    )
