"""Texts share a batch only with texts of like length."""

from hypothesis import given
from hypothesis import strategies as st

from matching.encoder import alike


def test_short_texts_do_not_share_a_batch_with_a_long_one() -> None:
    texts = ["long " * 200, "a few words", "some other words"]

    assert list(alike(texts, 32)) == [[1, 2], [0]]


def test_a_batch_is_no_larger_than_allowed() -> None:
    assert list(alike(["one", "two", "six"], 2)) == [[0, 1], [2]]


@given(st.lists(st.text(max_size=200), max_size=40), st.integers(1, 10))
def test_each_text_is_in_one_batch(texts: list[str], most: int) -> None:
    found = sorted(number for batch in alike(texts, most) for number in batch)

    assert found == list(range(len(texts)))
