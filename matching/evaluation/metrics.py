"""How good a ranking is, given judgements. Pure functions of rankings and grades."""

from collections.abc import Callable, Mapping, Sequence
from math import log2

Grades = Mapping[str, float]
"""The grade of each document that was judged for one need; above 0 is relevant."""

Metric = Callable[[Sequence[str], Grades], float]


def ndcg_at(cutoff: int, ranking: Sequence[str], grades: Grades) -> float:
    """Discounted cumulative gain (2^grade - 1) over that of the ideal ranking, 0..1."""
    ideal = _discounted(sorted(grades.values(), reverse=True)[:cutoff])
    return _discounted([grades.get(key, 0) for key in ranking[:cutoff]]) / ideal if ideal else 0.0


def reciprocal_rank_at(cutoff: int, ranking: Sequence[str], grades: Grades) -> float:
    places = (place for place, key in enumerate(ranking[:cutoff], 1) if grades.get(key, 0) > 0)
    return 1 / next(places, float("inf"))


def recall_at(cutoff: int, ranking: Sequence[str], grades: Grades) -> float:
    relevant = {key for key, grade in grades.items() if grade > 0}
    return len(relevant & set(ranking[:cutoff])) / len(relevant) if relevant else 0.0


def hit_at(cutoff: int, ranking: Sequence[str], grades: Grades) -> float:
    return float(reciprocal_rank_at(cutoff, ranking, grades) > 0)


METRICS: dict[str, Metric] = {
    "nDCG@10": lambda ranking, grades: ndcg_at(10, ranking, grades),
    "MRR@100": lambda ranking, grades: reciprocal_rank_at(100, ranking, grades),
    "R@10": lambda ranking, grades: recall_at(10, ranking, grades),
    "R@100": lambda ranking, grades: recall_at(100, ranking, grades),
    "hit@10": lambda ranking, grades: hit_at(10, ranking, grades),
}


def _discounted(grades: Sequence[float]) -> float:
    return sum(float((2**grade - 1) / log2(place + 2)) for place, grade in enumerate(grades))
