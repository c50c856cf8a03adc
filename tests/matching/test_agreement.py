"""How much two lists have in common, on lists small enough to check by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.evaluation.agreement import rank_biased_overlap

orders = st.permutations("abcdefgh")
persistences = st.floats(0.1, 0.95)


def test_the_first_places_count_most() -> None:
    same = list("abcd")

    late = rank_biased_overlap(same, list("abdc"), persistence=0.9)
    early = rank_biased_overlap(same, list("bacd"), persistence=0.9)

    assert early < late < 1


def test_a_list_by_hand() -> None:
    """Nothing at depth 1, both at depth 2: 2/2 * .25 + (1 - .5) / .5 * (0 + 2/2 * .25)."""
    assert rank_biased_overlap(["a", "b"], ["b", "a"], persistence=0.5) == pytest.approx(0.5)


@given(orders, orders, persistences)
def test_it_is_a_share_and_the_same_from_both_sides(
    one: list[str], other: list[str], persistence: float
) -> None:
    found = rank_biased_overlap(one, other, persistence=persistence)

    assert 0 <= found <= 1 + 1e-9
    assert found == pytest.approx(rank_biased_overlap(other, one, persistence=persistence))
    assert rank_biased_overlap(one, one, persistence=persistence) == pytest.approx(1)


def test_lists_without_anything_in_common_do_not_overlap() -> None:
    assert rank_biased_overlap(["a", "b"], ["c", "d"], persistence=0.9) == 0


@pytest.mark.parametrize(("one", "other"), [([], []), (["a"], ["a", "b"])])
def test_lists_of_two_lengths_are_refused(one: list[str], other: list[str]) -> None:
    with pytest.raises(ValueError, match="one length"):
        rank_biased_overlap(one, other, persistence=0.9)
