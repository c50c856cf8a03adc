"""Every figure as a table for a spreadsheet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

from app.core.i18n import format_date, gettext
from app.core.tables import write_table
from app.monitoring.models import Answered
from app.monitoring.pages.frame import Frame, names
from app.monitoring.pages.further import exposure_page, needs_page
from app.monitoring.pages.key_figures import days
from app.monitoring.pages.lists import challenge_rows, match_rows, requirement_rows
from app.monitoring.pages.overview import overview

Rows = tuple[Sequence[str], Iterable[Sequence[str]]]


class Table(StrEnum):
    """What can be downloaded."""

    HEAT_MAP = "heat-map"
    FUNNEL = "funnel"
    BRIDGES = "bridges"
    FIRST_MATCH = "first-match"
    EXPOSURE = "exposure"
    NEEDS = "needs"
    CHALLENGES = "challenges"
    MATCHES = "matches"
    REQUIREMENTS = "requirements"


def as_csv(frame: Frame, table: Table) -> bytes:
    """Return one table as it stands on its page, with all its rows."""
    header, rows = _MAKERS[table](frame)
    return write_table(header, rows)


def _heat_map(frame: Frame) -> Rows:
    shown = overview(frame)
    fields = [field for group in shown.groups for field in group.fields]
    rows = [
        [
            shown.names.of_member(cluster),
            *(str(shown.heat.cells[cluster, field.id]) for field in fields),
            str(shown.heat.by_cluster[cluster]),
        ]
        for cluster in shown.clusters
    ]
    total = [str(shown.heat.by_field[field.id]) for field in fields]
    rows.append([gettext("Total"), *total, str(shown.heat.total)])
    return [gettext("Cluster"), *(field.label for field in fields), gettext("Total")], rows


def _funnel(frame: Frame) -> Rows:
    rows = [
        [stage.step.label, str(stage.count), str(round(100 * stage.share))]
        for stage in overview(frame).period.stages
    ]
    return [gettext("Step"), gettext("Challenges"), gettext("Percent of all published")], rows


def _bridges(frame: Frame) -> Rows:
    rows = [[row.home, row.cluster, str(row.count)] for row in overview(frame).bridges.rows]
    header = [gettext("Looked after by"), gettext("Responder’s cluster"), gettext("Places")]
    return header, rows


def _first_match(frame: Frame) -> Rows:
    known = names(frame.session)
    rows = [
        [
            str(each.id), each.title, known.of_home(each.home_id),
            days(each.wait.total_seconds() / 86400 if each.wait is not None else None),
            each.speed.label,
        ]
        for each in frame.facts()
    ]  # fmt: skip
    return [
        gettext("Number of the challenge"), gettext("Challenge"), gettext("Looked after by"),
        gettext("Days to the first good match"), gettext("In words"),
    ], rows  # fmt: skip


def _exposure(frame: Frame) -> Rows:
    rows = [
        [
            row.name, str(row.exposure.lists), _percent(row.exposure.share_of_relevance),
            _percent(row.exposure.share_of_exposure), str(row.exposure.places), str(row.invited),
            str(row.exposure.floors), str(row.exposure.floors_met),
        ]
        for row in exposure_page(frame).rows
    ]  # fmt: skip
    return [
        gettext("Cluster"), gettext("Lists"), gettext("Percent of relevance"),
        gettext("Percent of exposure"), gettext("First ten places"), gettext("Invitations"),
        gettext("Lists with a floor"), gettext("Floor met"),
    ], rows  # fmt: skip


def _needs(frame: Frame) -> Rows:
    rows = [
        [
            row.field.label, str(row.need.challenges), str(row.need.unmatched),
            *(str(row.need.requirements[how]) for how in Answered),
            str(row.need.good), str(row.need.organisations),
        ]
        for row in needs_page(frame).rows
    ]  # fmt: skip
    return [
        gettext("Application field"), gettext("Challenges"), gettext("Without a good match"),
        *(gettext("Requirements: %(how)s") % {"how": how.label} for how in Answered),
        gettext("Good matches"), gettext("Organisations in the field"),
    ], rows  # fmt: skip


def _challenges(frame: Frame) -> Rows:
    known = names(frame.session)
    rows = [
        [
            str(row.facts.id), row.facts.title, row.facts.owner_name,
            known.of_home(row.facts.home_id), format_date(row.facts.opened_at, "medium"),
            row.facts.state.label, row.facts.furthest.label, str(row.facts.good),
            row.stuck[0].label if row.stuck else "",
        ]
        for row in challenge_rows(frame).rows
    ]  # fmt: skip
    return [
        gettext("Number of the challenge"), gettext("Challenge"), gettext("Owner"),
        gettext("Looked after by"), gettext("Opened"), gettext("State"),
        gettext("Has come to"), gettext("Good matches"), gettext("What blocks it"),
    ], rows  # fmt: skip


def _matches(frame: Frame) -> Rows:
    rows = [
        [
            row.organisation_name, row.challenge_title,
            "" if row.score is None else str(round(row.score)),
            "" if row.rank is None else str(row.rank), row.state.label,
        ]
        for row in match_rows(frame).rows
    ]  # fmt: skip
    return [
        gettext("Organisation"), gettext("Challenge"), gettext("Score"),
        gettext("Machine’s rank"), gettext("Where it stands"),
    ], rows  # fmt: skip


def _requirements(frame: Frame) -> Rows:
    rows = [
        [
            row.challenge_title, f"R{row.position}", row.kind.label, row.text,
            str(row.met_by), row.best.label,
        ]
        for row in requirement_rows(frame).rows
    ]  # fmt: skip
    return [
        gettext("Challenge"), gettext("Requirement"), gettext("Kind"), gettext("Text"),
        gettext("Organisations that meet it"), gettext("In words"),
    ], rows  # fmt: skip


def _percent(share: float) -> str:
    return days(100 * share)


_MAKERS: Mapping[Table, Callable[[Frame], Rows]] = {
    Table.HEAT_MAP: _heat_map,
    Table.FUNNEL: _funnel,
    Table.BRIDGES: _bridges,
    Table.FIRST_MATCH: _first_match,
    Table.EXPOSURE: _exposure,
    Table.NEEDS: _needs,
    Table.CHALLENGES: _challenges,
    Table.MATCHES: _matches,
    Table.REQUIREMENTS: _requirements,
}
