"""Figures as Markdown tables."""

from collections.abc import Mapping, Sequence

from matching.documents import Passage
from matching.evaluation.bootstrap import Estimate
from matching.evaluation.breakdown import Change, Group, Ranked
from matching.evaluation.comparison import Standing, verdict

OURS = "**Quaylink**"
_LONGEST_TITLE = 70


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


def groups_table(metric: str, groups: Sequence[Group]) -> str:
    """One line a kind of needs."""
    rows = [
        [
            each.kind,
            str(each.count),
            *map(_short, (each.before, each.after)),
            _gain(metric, each.gain),
        ]
        for each in groups
    ]
    return "\n".join([*_lines(["needs", "count", "before", "after", metric], rows), ""])


def losses_table(lost: Sequence[Change], documents: Mapping[str, Passage]) -> str:
    """One line a need that lost, with the place of its first relevant document and what leads."""
    rows = [
        [
            f"{change.need.key}: {_title(change.need.title or change.need.text)}",
            _standing(change.before),
            _standing(change.after),
            _leader(change.after.leader, documents),
        ]
        for change in lost
    ]
    return "\n".join([*_lines(["need", "before", "after", "now leads"], rows), ""])


def _lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def _figure(figure: Estimate) -> str:
    return f"{_short(figure.mean)} ({_short(figure.low)}–{_short(figure.high)})"


def _gain(name: str, gain: Estimate) -> str:
    mean, low, high = (_signed(number) for number in (gain.mean, gain.low, gain.high))
    return f"{mean} ({low} to {high}) {verdict(name, gain)}"


def _standing(ranked: Ranked) -> str:
    place = f"place {ranked.first_relevant}" if ranked.first_relevant else "not found"
    return f"{_short(ranked.value)}, {place}"


def _leader(key: str, documents: Mapping[str, Passage]) -> str:
    if key not in documents:
        return key or "nothing"
    return f"{key}: {_title(documents[key].title or documents[key].text)}"


def _title(text: str) -> str:
    """Short, and without what would end a cell."""
    line = " ".join(text.replace("|", "/").split())
    return line if len(line) <= _LONGEST_TITLE else f"{line[:_LONGEST_TITLE]}…"


def _short(number: float) -> str:
    """Three decimals without the zero in front."""
    return f"{number:.3f}".replace("0.", ".", 1)


def _signed(number: float) -> str:
    return f"{number:+.3f}".replace("0.", ".", 1).replace("-", "−")
