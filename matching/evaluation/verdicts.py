"""How often what is said about a requirement is right, by how sure the engine was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from matching.evaluation.markdown import markdown_table


class Grade(IntEnum):
    """What a reader said of a passage and a requirement."""

    NO = 0
    IN_PART = 1
    MEETS = 2


@dataclass(frozen=True, slots=True)
class Judged:
    """One requirement and one profile.

    ``strength`` is the engine's, 0..1; ``is_expected`` says whether the profile was written to
    meet the requirement; ``grade`` is what a reader said, nothing if nobody read it.
    """

    strength: float
    is_expected: bool
    grade: Grade | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """Pairs of one stretch of strengths, the lower end included. Shares of nothing are ``None``."""

    low: float
    high: float
    pairs: int
    expected: float | None
    read: int
    meets: float | None
    at_least_in_part: float | None


def bands(judged: Sequence[Judged], edges: Sequence[float]) -> list[Band]:
    """One band between each two edges.

    :param edges: ascending; what is stronger than the last is in no band
    """
    return [
        _band(low, high, [each for each in judged if low <= each.strength < high])
        for low, high in pairwise(edges)
    ]


def bands_table(found: Iterable[Band]) -> str:
    head = ["strength", "pairs", "expected", "read", "meets", "at least in part"]
    rows = [
        [
            f"{band.low:.2f} to {band.high:.2f}",
            str(band.pairs),
            _share_cell(band.expected),
            str(band.read),
            _share_cell(band.meets),
            _share_cell(band.at_least_in_part),
        ]
        for band in found
    ]
    return markdown_table(head, rows)


def share(flags: Sequence[bool]) -> float | None:
    """The share that is true; nothing of nothing."""
    return sum(flags) / len(flags) if flags else None


def _band(low: float, high: float, inside: Sequence[Judged]) -> Band:
    grades = [each.grade for each in inside if each.grade is not None]
    return Band(
        low,
        high,
        pairs=len(inside),
        expected=share([each.is_expected for each in inside]),
        read=len(grades),
        meets=share([grade is Grade.MEETS for grade in grades]),
        at_least_in_part=share([grade is not Grade.NO for grade in grades]),
    )


def _share_cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
