"""Tables in Markdown, and how figures are written in their cells."""

from collections.abc import Sequence

from matching.evaluation.bootstrap import Estimate
from matching.evaluation.comparison import verdict


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def number_cell(number: float) -> str:
    """Three decimals without the zero in front."""
    return f"{number:.3f}".replace("0.", ".", 1)


def figure_cell(figure: Estimate) -> str:
    return f"{number_cell(figure.mean)} ({number_cell(figure.low)}–{number_cell(figure.high)})"


def gain_cell(name: str, gain: Estimate) -> str:
    """A difference in a figure of this name, with a word on which way it goes."""
    mean, low, high = (_signed(number) for number in (gain.mean, gain.low, gain.high))
    return f"{mean} ({low} to {high}) {verdict(name, gain)}"


def _signed(number: float) -> str:
    return f"{number:+.3f}".replace("0.", ".", 1).replace("-", "−")
