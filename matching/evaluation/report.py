"""Figures as a Markdown table."""

from collections.abc import Mapping, Sequence

from matching.evaluation.bootstrap import Estimate
from matching.evaluation.comparison import Standing, verdict

OURS = "**Quaylink**"


def table(ours: Mapping[str, Estimate], beside: Mapping[str, Standing]) -> str:
    """One line a system with its figures, then one line an alternative with what ours are minus
    its own, each with its 95 % interval.
    """
    figures = [
        *([label, *map(_figure, each.figures.values())] for label, each in beside.items()),
        [OURS, *map(_figure, ours.values())],
    ]
    lines = _lines(["system", *ours], figures)
    if beside:
        gains = [
            [label, *(_gain(name, gain) for name, gain in each.differences.items())]
            for label, each in beside.items()
        ]
        lines += ["", *_lines([f"{OURS} minus", *ours], gains)]
    return "\n".join([*lines, ""])


def _lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def _figure(figure: Estimate) -> str:
    return f"{_short(figure.mean)} ({_short(figure.low)}–{_short(figure.high)})"


def _gain(name: str, gain: Estimate) -> str:
    mean, low, high = (_signed(number) for number in (gain.mean, gain.low, gain.high))
    return f"{mean} ({low} to {high}) {verdict(name, gain)}"


def _short(number: float) -> str:
    """Three decimals without the zero in front."""
    return f"{number:.3f}".replace("0.", ".", 1)


def _signed(number: float) -> str:
    return f"{number:+.3f}".replace("0.", ".", 1).replace("-", "−")
