"""One figure of many benchmark folders in one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from matching.evaluation.alternatives import SYSTEMS
from matching.evaluation.bootstrap import Estimate
from matching.evaluation.comparison import LOWER_IS_BETTER
from matching.evaluation.markdown import figure_cell, gain_cell, markdown_table, number_cell
from matching.evaluation.report import OURS

_MISSING = "–"


class UnusableReport(Exception):
    """What should be the figures of an evaluation are none; the text says why."""


@dataclass(frozen=True, slots=True)
class SetFigures:
    """One figure of one folder. ``beside`` has, for each system, its own and ours minus that."""

    name: str
    metric: str
    needs: int
    ours: Estimate
    beside: Mapping[str, tuple[Estimate, Estimate]]

    @classmethod
    def of(cls, name: str, metric: str, report: Mapping[str, Any]) -> Self:
        """:param report: what the evaluation writes as JSON
        :raises UnusableReport: if it is something else or lacks the metric
        """
        try:
            beside = {
                system: (
                    Estimate(**theirs["metrics"][metric]),
                    Estimate(**theirs["ours_minus_theirs"][metric]),
                )
                for system, theirs in report["beside"].items()
            }
            ours = Estimate(**report["metrics"][metric])
            return cls(name, metric, int(report["queries"]), ours, beside)
        except (KeyError, TypeError) as error:
            raise UnusableReport(f"{name} has no {metric}: {error!r}.") from error

    @property
    def gain_over_the_best(self) -> Estimate | None:
        """Ours minus the best of the others; picked after the fact, which favours the others."""
        if not self.beside:
            return None
        sign = 1 if self.metric in LOWER_IS_BETTER else -1
        return min(self.beside.values(), key=lambda theirs: sign * theirs[0].mean)[1]


def overview(sets: Sequence[SetFigures]) -> str:
    """One line a set, one column a system that stands beside ours in any of them."""
    systems = [name for name in SYSTEMS if any(name in each.beside for each in sets)]
    head = ["set", "needs", "figure", *systems, OURS, "minus the best of the others"]
    return markdown_table(head, [_row(each, systems) for each in sets])


def _row(figures: SetFigures, systems: Sequence[str]) -> list[str]:
    theirs = (figures.beside.get(system) for system in systems)
    gain = figures.gain_over_the_best
    return [
        figures.name,
        str(figures.needs),
        figures.metric,
        *(number_cell(each[0].mean) if each else _MISSING for each in theirs),
        figure_cell(figures.ours),
        gain_cell(figures.metric, gain) if gain else _MISSING,
    ]
