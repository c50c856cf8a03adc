"""Exposure of clusters, and the radar of unmet needs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from markupsafe import Markup

from app.core.i18n import gettext
from app.core.pagination import Page
from app.core.radar import Spoke, radar
from app.monitoring.forms import Wanted
from app.monitoring.models import Answered, Measure, Period, Step
from app.monitoring.pages.frame import PERIODS, Frame, Names, names
from app.monitoring.policy.exposure import Exposure
from app.monitoring.policy.facts import ChallengeChoice
from app.monitoring.policy.figures import FieldNeed, field_needs
from app.monitoring.queries import counting, rows
from app.monitoring.queries.rows import ChallengeRow
from app.taxonomy.models import ApplicationField, application_fields

NEGLECTED_SHOWN = 10


@dataclass(frozen=True)
class ExposureRow:
    """A cluster's exposure with its name and its invitations."""

    exposure: Exposure
    name: str
    invited: int


@dataclass(frozen=True)
class ExposurePage:
    """What each cluster has of the first places and of the invitations."""

    wanted: Wanted
    rows: Sequence[ExposureRow]
    unlisted: Sequence[tuple[int, str]]
    """Clusters nobody of which is on any list."""
    lists: int
    floors: int
    floors_met: int
    periods: tuple[Period, ...] = PERIODS


@dataclass(frozen=True)
class ExposureNumbers:
    """The numbers of that page."""

    lists: int
    found: Sequence[Exposure]
    invited: Counter[int]


def _exposure(frame: Frame) -> ExposureNumbers:
    lists = counting.list_count(frame.session, frame.window)
    return ExposureNumbers(
        lists=lists,
        found=counting.exposures(frame.session, frame.window, lists=lists),
        invited=counting.matches_by_cluster(frame.session, frame.window, Measure.INVITED),
    )


def exposure_page(frame: Frame) -> ExposurePage:
    """Return the exposure of all clusters."""
    numbers = frame.remembered("exposure", lambda: _exposure(frame))
    found = numbers.found
    known = names(frame.session)
    shown = [
        ExposureRow(each, known.of_member(each.cluster_id), numbers.invited[each.cluster_id])
        for each in found
    ]
    listed = {each.cluster_id for each in found}
    return ExposurePage(
        wanted=frame.wanted,
        rows=sorted(shown, key=lambda row: (-row.exposure.share_of_relevance, row.name)),
        unlisted=[(id_, name) for id_, name in known.clusters.items() if id_ not in listed],
        lists=numbers.lists,
        floors=sum(each.floors for each in found),
        floors_met=sum(each.floors_met for each in found),
    )


@dataclass(frozen=True)
class NeedRow:
    """Demand and supply in a field, with its name."""

    need: FieldNeed
    field: ApplicationField
    key: str
    """Its letter in the picture."""


@dataclass(frozen=True)
class NeedsPage:
    """Where needs find no good answer, and where capabilities find no need."""

    wanted: Wanted
    names: Names
    rows: Sequence[NeedRow]
    neglected: Page[ChallengeRow]
    """The newest challenges without a good match, and how many there are."""
    requirements: Counter[Answered]
    count: int
    picture: Markup
    periods: tuple[Period, ...] = PERIODS
    answers: tuple[Answered, ...] = tuple(Answered)

    @property
    def idle(self) -> list[NeedRow]:
        """Fields that organisations name and no challenge asks for."""
        return [row for row in self.rows if row.need.organisations and not row.need.challenges]

    @property
    def thin_spot(self) -> NeedRow | None:
        """The field that answers least of what it is asked, if any leaves something open."""
        first = self.rows[0]
        return first if first.need.unmet_share else None


@dataclass(frozen=True)
class NeedsNumbers:
    """The numbers of that page."""

    needs: Sequence[FieldNeed]
    requirements: Counter[Answered]
    count: int


def _needs(frame: Frame) -> NeedsNumbers:
    facts = frame.facts()
    requirements = counting.requirement_counts(frame.session, frame.window)
    supply = counting.counted_supply(frame.session)
    total: Counter[Answered] = Counter()
    for counts in requirements.values():
        total.update(counts)
    needs = field_needs(facts, application_fields(), requirements, supply)
    return NeedsNumbers(needs, total, len(facts))


def needs_page(frame: Frame) -> NeedsPage:
    """Return the radar of unmet needs, the least answered field first."""
    numbers = frame.remembered("needs", lambda: _needs(frame))
    fields = application_fields()
    shown = [
        NeedRow(each, fields[each.field], key)
        for each, key in zip(numbers.needs, ascii_uppercase, strict=False)
    ]
    without_match = ChallengeChoice(short_of=Step.MATCHED)
    return NeedsPage(
        wanted=frame.wanted,
        names=names(frame.session),
        rows=sorted(
            shown, key=lambda row: (not row.need.challenges, -row.need.unmet_share, row.field.label)
        ),
        picture=_radar(shown, frame.wanted),
        neglected=rows.challenges(
            frame.session, frame.window, without_match, number=1, size=NEGLECTED_SHOWN
        ),
        requirements=numbers.requirements,
        count=numbers.count,
    )


def _radar(needs: Sequence[NeedRow], wanted: Wanted) -> Markup:
    """Draw what is left open in each field against who works in it, in the order of the fields."""
    most = max((row.need.organisations for row in needs), default=0) or 1
    return radar(
        [
            Spoke(
                key=row.key,
                name=row.field.label,
                filled=row.need.unmet_share,
                line=row.need.organisations / most,
                said=_said(row),
                href=_rows_behind(row, wanted),
            )
            for row in needs
        ],
        label=gettext("Radar of unmet needs, field by field; its numbers are in the table below."),
    )


def _said(row: NeedRow) -> str:
    if not row.need.challenges:
        return gettext("%(field)s – no challenge asks for it") % {"field": row.field.label}
    return gettext("%(field)s – requirements met by nobody: %(unmet)s of %(all)s") % {
        "field": row.field.label,
        "unmet": row.need.requirements[Answered.NONE],
        "all": sum(row.need.requirements.values()),
    }


def _rows_behind(row: NeedRow, wanted: Wanted) -> str:
    """Return the address of the requirements that nobody meets; nothing lies behind a zero."""
    if not row.need.requirements[Answered.NONE]:
        return ""
    return wanted.rows("requirements", field=row.need.field, answered=Answered.NONE)
