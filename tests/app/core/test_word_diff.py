"""Differences of texts, word by word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.word_diff import Change, Piece, word_diff

WORDS = st.lists(st.sampled_from(["plug", "ferry", "the", "quay\n", " ", "10 kV."])).map(" ".join)


@given(WORDS, WORDS)
@settings(max_examples=60, deadline=None)
def test_both_texts_can_be_read_out_of_it(old: str, new: str) -> None:
    pieces = word_diff(old, new)

    assert "".join(p.text for p in pieces if p.change is not Change.ADDED) == old
    assert "".join(p.text for p in pieces if p.change is not Change.REMOVED) == new


def test_a_changed_word_is_removed_then_added() -> None:
    assert word_diff("We bring the plug.", "We carry the plug.") == [
        Piece(Change.SAME, "We "),
        Piece(Change.REMOVED, "bring "),
        Piece(Change.ADDED, "carry "),
        Piece(Change.SAME, "the plug."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "", []),
        ("", "New.", [Piece(Change.ADDED, "New.")]),
        ("Old.", "", [Piece(Change.REMOVED, "Old.")]),
        ("Same.", "Same.", [Piece(Change.SAME, "Same.")]),
    ],
)
def test_nothing_and_everything(old: str, new: str, pieces: list[Piece]) -> None:
    assert word_diff(old, new) == pieces
