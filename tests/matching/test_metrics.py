"""Metrics on rankings small enough to check by hand."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.evaluation.metrics import METRICS, hit_at, ndcg_at, recall_at, reciprocal_rank_at

GRADES = {"a": 2.0, "b": 1.0, "z": 0.0}

keys = st.sampled_from("abcdefgh")
rankings = st.lists(keys, unique=True)
judgements = st.dictionaries(keys, st.sampled_from([0.0, 1.0, 2.0, 3.0]))
metrics = st.sampled_from(sorted(METRICS))


def test_ndcg_rewards_high_grades_high_up() -> None:
    ideal = 3 + 1 / log2(3)

    assert ndcg_at(10, ["a", "b"], GRADES) == pytest.approx(1)
    assert ndcg_at(10, ["b", "a"], GRADES) == pytest.approx((1 + 3 / log2(3)) / ideal)
    assert ndcg_at(1, ["z", "a"], GRADES) == 0


def test_reciprocal_rank_counts_to_the_first_relevant() -> None:
    assert reciprocal_rank_at(100, ["z", "x", "b", "a"], GRADES) == pytest.approx(1 / 3)
    assert reciprocal_rank_at(2, ["z", "x", "b"], GRADES) == 0


def test_recall_is_a_share_of_the_relevant() -> None:
    assert recall_at(10, ["z", "b"], GRADES) == 0.5
    assert recall_at(1, ["z", "b"], GRADES) == 0


def test_hit_is_all_or_nothing() -> None:
    assert (hit_at(1, ["a"], GRADES), hit_at(1, ["z", "a"], GRADES)) == (1, 0)


@pytest.mark.parametrize("name", METRICS)
def test_nothing_relevant_or_nothing_found_is_zero(name: str) -> None:
    assert METRICS[name](["z"], {"z": 0.0}) == 0
    assert METRICS[name]([], GRADES) == 0


@given(metrics, rankings, judgements)
def test_every_metric_is_a_share(name: str, ranking: list[str], grades: dict[str, float]) -> None:
    assert 0 <= METRICS[name](ranking, grades) <= 1 + 1e-9


@given(metrics, judgements.filter(lambda grades: any(grades.values())))
def test_the_ideal_ranking_is_worth_one(name: str, grades: dict[str, float]) -> None:
    ideal = sorted(grades, key=lambda key: -grades[key])

    assert METRICS[name](ideal, grades) == pytest.approx(1)


@given(metrics, rankings, judgements, st.data())
def test_moving_a_better_document_up_never_costs(
    name: str, ranking: list[str], grades: dict[str, float], data: st.DataObject
) -> None:
    places = st.integers(0, max(len(ranking) - 1, 0))
    one, other = sorted([data.draw(places), data.draw(places)])
    if not ranking or grades.get(ranking[other], 0) < grades.get(ranking[one], 0):
        return
    swapped = list(ranking)
    swapped[one], swapped[other] = ranking[other], ranking[one]

    assert METRICS[name](swapped, grades) >= METRICS[name](ranking, grades) - 1e-9
