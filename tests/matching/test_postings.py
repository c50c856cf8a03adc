"""Postings say where terms stand, whatever they were put together from."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.packed_strings import PackedStrings
from matching.postings import Postings, ids_of

TERMS = "abcdef"
documents = st.lists(st.text(TERMS, max_size=8), max_size=6)


def postings_of(texts: list[str]) -> Postings:
    found = [(TERMS.index(term), place) for place, text in enumerate(texts) for term in text]
    numbers, places = np.array(found, np.int64).reshape(-1, 2).T
    return Postings.of(ids_of(TERMS), numbers, places)


def counted(postings: Postings) -> dict[str, dict[int, int]]:
    numbers, starts, ends = postings.stretches(ids_of(TERMS))
    found = {
        TERMS[number]: dict(
            zip(postings.places[where].tolist(), postings.counts[where].tolist(), strict=True)
        )
        for number, where in zip(numbers.tolist(), map(slice, starts, ends), strict=True)
    }
    return {term: places for term, places in found.items() if places}


def expected(texts: list[str]) -> dict[str, dict[int, int]]:
    counts = [Counter(text) for text in texts]
    found = {term: {n: c[term] for n, c in enumerate(counts) if c[term]} for term in TERMS}
    return {term: places for term, places in found.items() if places}


@given(documents, st.sets(st.integers(0, 7)), st.lists(st.sampled_from(TERMS + "xyz"), unique=True))
def test_terms_are_counted_at_some_places_as_they_stand_there(
    texts: list[str], places: set[int], terms: list[str]
) -> None:
    postings, asked = postings_of(texts), sorted(places)

    counts = postings.counts_at(
        np.array(asked, np.int64), postings.stretches(ids_of(terms)), len(terms)
    )

    said = [texts[place] if place < len(texts) else "" for place in asked]
    assert counts.tolist() == [[text.count(term) for term in terms] for text in said]


@given(documents)
def test_every_term_is_found_where_it_stands(texts: list[str]) -> None:
    assert counted(postings_of(texts)) == expected(texts)


@given(documents, documents, st.data())
def test_merged_postings_leave_out_what_is_gone(
    first: list[str], second: list[str], data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(first), max_size=len(first)))
    new = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int64)
    behind = sum(kept) + np.arange(len(second))

    merged = Postings.merged([(postings_of(first), new), (postings_of(second), behind)])

    left = [text for text, stays in zip(first, kept, strict=True) if stays]
    assert counted(merged) == expected([*left, *second])


def test_no_more_than_a_byte_is_counted() -> None:
    assert counted(postings_of(["a" * 300])) == {"a": {0: 255}}


@given(st.lists(st.text()))
def test_packed_strings_come_back(strings: list[str]) -> None:
    packed = PackedStrings.of(strings)

    assert [packed[number] for number in range(len(packed))] == strings
