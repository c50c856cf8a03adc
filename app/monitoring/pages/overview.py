"""The first page: key figures, heat map, funnel, bridges, and who needs a hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.core.chord import chord
from app.core.i18n import gettext, join_clauses
from app.core.rendering import environment
from app.monitoring.forms import Wanted
from app.monitoring.models import Measure, Period, Step
from app.monitoring.pages.frame import PERIODS, FieldGroup, Frame, Names, field_groups, names
from app.monitoring.pages.key_figures import KeyFigure, key_figures
from app.monitoring.policy import figures
from app.monitoring.policy.facts import of_the_one_before
from app.monitoring.policy.figures import HeatMap
from app.monitoring.policy.summary import Summary, summary
from app.monitoring.queries import counting, rows
from app.monitoring.queries.rows import ChallengeRow

MOST_IN_PICTURE = 14
"""So many clusters in the picture of bridges; the table has all."""
BRIDGES_SHOWN = 30
MOST_IN_WORDS = 3
STUCK_SHOWN = 10


@dataclass(frozen=True)
class Bridge:
    """How many organisations one cluster brought to shortlists of another."""

    home_id: int
    home: str
    cluster_id: int
    cluster: str
    count: int


@dataclass(frozen=True)
class Bridges:
    """The bridges of a period, most first, with their picture."""

    rows: Sequence[Bridge]
    picture: Markup | None

    @property
    def first(self) -> Sequence[Bridge]:
        """Those that the page lists; the table as CSV has all."""
        return self.rows[:BRIDGES_SHOWN]

    @property
    def more(self) -> int:
        """How many it leaves out."""
        return len(self.rows) - len(self.first)


@dataclass(frozen=True)
class Numbers:
    """The numbers of the first page, whatever language they are told in."""

    period: Summary
    before: Summary | None
    """Of the period before, if there is one."""
    heat: HeatMap
    bridges: figures.Bridges


@dataclass(frozen=True)
class Overview:
    """Everything on the first page."""

    wanted: Wanted
    is_everything: bool
    names: Names
    key_figures: Sequence[KeyFigure]
    heat: HeatMap
    clusters: Sequence[int]
    groups: Sequence[FieldGroup]
    bridges: Bridges
    period: Summary
    stuck: Sequence[ChallengeRow]
    """Those that have stood still longest."""
    periods: tuple[Period, ...] = PERIODS
    measures: tuple[Measure, ...] = tuple(Measure)


def overview(frame: Frame) -> Overview:
    """Return the first page."""
    wanted, known = frame.wanted, names(frame.session)
    numbers = frame.remembered("overview", lambda: _numbers(frame), wanted.measure)
    return Overview(
        wanted=wanted,
        is_everything=frame.scope.is_everything,
        names=known,
        key_figures=key_figures(numbers.period, numbers.before, wanted),
        heat=numbers.heat,
        clusters=known.rows(set(numbers.heat.by_cluster)),
        groups=field_groups(),
        bridges=frame.remembered("bridges", lambda: _bridges(numbers.bridges, known), known.key),
        period=numbers.period,
        stuck=rows.longest_stuck(frame.session, frame.window, count=STUCK_SHOWN),
    )


def heat_map(frame: Frame, shown: Overview) -> Markup:
    """Return the heat map as HTML: hundreds of links that are the same until the next count."""

    def draw() -> Markup:
        template = environment.get_template("monitoring/_heat_map.html")
        return Markup(template.render(shown=shown, wanted=shown.wanted))  # noqa: S704 -- our template

    return frame.remembered("heat map", draw, shown.wanted, shown.names.key)


def _numbers(frame: Frame) -> Numbers:
    measure, now = frame.wanted.measure, frame.now
    counted = counting.counted(frame.session, frame.wide_window)
    pairings = counting.pairings(frame.session, frame.window, measure)
    facts = frame.of_period(counted)
    before = of_the_one_before(counted.facts, frame.wanted.period, now)
    return Numbers(
        period=summary(facts, now),
        before=None if before is None else summary(before, now),
        heat=figures.heat_map(facts, pairings, counted.matches[measure]),
        bridges=figures.bridges(facts, pairings),
    )


def _bridges(counts: figures.Bridges, known: Names) -> Bridges:
    """Return bridges with names and picture."""
    found = [
        Bridge(home, known.of_home(home), cluster, known.of_member(cluster), count)
        for (home, cluster), count in counts.items()
    ]
    found.sort(key=lambda row: (-row.count, row.home, row.cluster))
    return Bridges(found, _picture(found) if found else None)


def _picture(found: Sequence[Bridge]) -> Markup:
    """Draw the strongest bridges; both directions of a pair are one ribbon."""
    between: dict[tuple[str, str], int] = {}
    for row in found:
        one, other = sorted((row.home, row.cluster))
        between[one, other] = between.get((one, other), 0) + row.count
    strongest = sorted(between.items(), key=lambda item: (-item[1], item[0]))
    labels: list[str] = []
    drawn = []
    for (one, other), count in strongest:
        new = [name for name in (one, other) if name not in labels]
        if len(labels) + len(new) <= MOST_IN_PICTURE:
            labels += new
            drawn.append((one, other, count))
    clauses = (f"{one} – {other} ({count})" for one, other, count in drawn[:MOST_IN_WORDS])
    said = join_clauses(clauses)
    places = {name: position for position, name in enumerate(labels)}
    return chord(
        labels,
        [(places[one], places[other], count) for one, other, count in drawn],
        label=gettext("Bridges between clusters. The strongest: %(said)s.") % {"said": said},
    )


CHALLENGE_STEPS = tuple(Step)
