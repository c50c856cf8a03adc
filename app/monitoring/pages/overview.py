"""The first page: key figures, heat map, funnel, bridges, and who needs a hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.core.chord import chord
from app.core.i18n import gettext
from app.monitoring.forms import Wanted
from app.monitoring.models import Measure, Obstacle, Period, Speed, Step
from app.monitoring.pages.frame import PERIODS, FieldGroup, Frame, Names, field_groups, names
from app.monitoring.pages.key_figures import KeyFigure, key_figures
from app.monitoring.policy import figures
from app.monitoring.policy.facts import ChallengeFacts, of_the_one_before
from app.monitoring.policy.figures import HeatMap, Stage
from app.monitoring.queries import counting

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
    organisations: int
    """Places on shortlists that bridge; an organisation of two clusters counts once."""
    places: int
    """All places on shortlists."""

    @property
    def first(self) -> Sequence[Bridge]:
        """Those that the page lists; the table as CSV has all."""
        return self.rows[:BRIDGES_SHOWN]

    @property
    def more(self) -> int:
        """How many it leaves out."""
        return len(self.rows) - len(self.first)


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
    stages: Sequence[Stage]
    bridges: Bridges
    speeds: Mapping[Speed, int]
    stuck: Sequence[tuple[ChallengeFacts, Obstacle, int]]
    count: int
    periods: tuple[Period, ...] = PERIODS
    measures: tuple[Measure, ...] = tuple(Measure)

    @property
    def stuck_shown(self) -> Sequence[tuple[ChallengeFacts, Obstacle, int]]:
        """Those that have waited longest."""
        return self.stuck[:STUCK_SHOWN]


def overview(frame: Frame) -> Overview:
    """Return the first page."""
    measure = frame.wanted.measure
    counted = counting.counted(frame.session, frame.wide_window)
    pairings = counting.pairings(frame.session, frame.window, measure)
    known, facts = names(frame.session), frame.of_period(counted)
    before = of_the_one_before(counted.facts, frame.wanted.period, frame.now)
    heat = figures.heat_map(facts, pairings, counted.matches[measure])
    return Overview(
        wanted=frame.wanted,
        is_everything=frame.scope.is_everything,
        names=known,
        key_figures=key_figures(facts, before, frame.wanted, frame.now),
        heat=heat,
        clusters=known.rows(set(heat.by_cluster)),
        groups=field_groups(),
        stages=figures.funnel(facts),
        bridges=bridges_of(facts, figures.bridges(facts, pairings), known),
        speeds=figures.speeds(facts),
        stuck=figures.needing_a_hand(facts, frame.now),
        count=len(facts),
    )


def bridges_of(facts: Sequence[ChallengeFacts], counts: figures.Bridges, known: Names) -> Bridges:
    """Return bridges with names and picture."""
    rows = [
        Bridge(home, known.of_home(home), cluster, known.of_member(cluster), count)
        for (home, cluster), count in counts.items()
    ]
    rows.sort(key=lambda row: (-row.count, row.home, row.cluster))
    return Bridges(
        rows=rows,
        picture=_picture(rows) if rows else None,
        organisations=sum(each.bridges for each in facts),
        places=sum(each.shortlisted for each in facts),
    )


def _picture(rows: Sequence[Bridge]) -> Markup:
    """Draw the strongest bridges; both directions of a pair are one ribbon."""
    between: dict[tuple[str, str], int] = {}
    for row in rows:
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
    said = "; ".join(f"{one} – {other}: {count}" for one, other, count in drawn[:MOST_IN_WORDS])
    places = {name: position for position, name in enumerate(labels)}
    return chord(
        labels,
        [(places[one], places[other], count) for one, other, count in drawn],
        label=gettext("Bridges between clusters. The strongest: %(said)s.") % {"said": said},
    )


CHALLENGE_STEPS = tuple(Step)
