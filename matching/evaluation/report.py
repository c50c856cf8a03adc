"""What an evaluation or a comparison of rankings has found, as Markdown."""

from collections.abc import Mapping, Sequence

from matching.documents import Passage
from matching.evaluation.bootstrap import Estimate
from matching.evaluation.breakdown import Change, Group, Ranked
from matching.evaluation.comparison import Standing
from matching.evaluation.markdown import figure_cell, gain_cell, markdown_table, number_cell

OURS = "**Quaylink**"
_LONGEST_TITLE = 70


def systems_table(ours: Mapping[str, Estimate], beside: Mapping[str, Standing]) -> str:
    """One line a system with its figures, then one line an alternative with what ours are minus
    its own, each with its 95 % interval.
    """
    figures = [
        *([label, *map(figure_cell, each.figures.values())] for label, each in beside.items()),
        [OURS, *map(figure_cell, ours.values())],
    ]
    table = markdown_table(["system", *ours], figures)
    if not beside:
        return table
    gains = [
        [label, *(gain_cell(name, gain) for name, gain in each.differences.items())]
        for label, each in beside.items()
    ]
    return f"{table}\n{markdown_table([f'{OURS} minus', *ours], gains)}"


def groups_table(metric: str, groups: Sequence[Group]) -> str:
    """One line a kind of needs."""
    rows = [
        [
            each.kind,
            str(each.count),
            number_cell(each.before),
            number_cell(each.after),
            gain_cell(metric, each.gain),
        ]
        for each in groups
    ]
    return markdown_table(["needs", "count", "before", "after", metric], rows)


def losses_table(lost: Sequence[Change], documents: Mapping[str, Passage]) -> str:
    """One line a need that lost, with the place of its first relevant document and what leads."""
    rows = [
        [
            f"{change.need.key}: {_title(change.need.title or change.need.text)}",
            _ranked(change.before),
            _ranked(change.after),
            _leader(change.after.leader, documents),
        ]
        for change in lost
    ]
    return markdown_table(["need", "before", "after", "now leads"], rows)


def _ranked(ranked: Ranked) -> str:
    place = f"place {ranked.first_relevant}" if ranked.first_relevant else "not found"
    return f"{number_cell(ranked.value)}, {place}"


def _leader(key: str, documents: Mapping[str, Passage]) -> str:
    if key not in documents:
        return key or "nothing"
    return f"{key}: {_title(documents[key].title or documents[key].text)}"


def _title(text: str) -> str:
    """Short, and without what would end a cell."""
    line = " ".join(text.replace("|", "/").split())
    return line if len(line) <= _LONGEST_TITLE else f"{line[:_LONGEST_TITLE]}…"
