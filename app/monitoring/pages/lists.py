"""The rows behind the figures, each list with the choices that made it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.core.i18n import gettext
from app.core.pagination import PAGE_SIZE, Page
from app.monitoring.forms import Wanted
from app.monitoring.models import Measure, Period
from app.monitoring.pages.frame import PERIODS, Frame, Names, names
from app.monitoring.queries import rows
from app.monitoring.queries.rows import NO_LIMIT, ChallengeRow, MatchRow, RequirementRow
from app.taxonomy.models import application_fields

Row = TypeVar("Row")


@dataclass(frozen=True)
class Chip:
    """A choice, and the address without it."""

    words: str
    href: str


@dataclass(frozen=True)
class ListPage(Generic[Row]):
    """One page of rows behind a figure."""

    wanted: Wanted
    names: Names
    page: Page[Row]
    chips: Sequence[Chip]
    periods: tuple[Period, ...] = PERIODS
    measures: tuple[Measure, ...] = tuple(Measure)


def challenge_rows(frame: Frame, *, number: int = 1, size: int = NO_LIMIT) -> Page[ChallengeRow]:
    """Return one page of the challenges that are asked for, or all."""
    return rows.challenges(
        frame.session, frame.window, frame.wanted.challenges, number=number, size=size
    )


def challenges_page(frame: Frame, number: int) -> ListPage[ChallengeRow]:
    """Return one page of challenges."""
    return _list(frame, challenge_rows(frame, number=number, size=PAGE_SIZE))


def match_rows(frame: Frame, *, number: int = 1, size: int = NO_LIMIT) -> Page[MatchRow]:
    """Return one page of the matches that are asked for, or all."""
    return rows.matches(frame.session, frame.window, frame.wanted.matches, number=number, size=size)


def matches_page(frame: Frame, number: int) -> ListPage[MatchRow]:
    """Return one page of matches."""
    return _list(frame, match_rows(frame, number=number, size=PAGE_SIZE))


def requirement_rows(
    frame: Frame, *, number: int = 1, size: int = NO_LIMIT
) -> Page[RequirementRow]:
    """Return one page of the requirements that are asked for, or all."""
    return rows.requirements(
        frame.session,
        frame.window,
        field=frame.wanted.field,
        answered=frame.wanted.answered,
        number=number,
        size=size,
    )


def requirements_page(frame: Frame, number: int) -> ListPage[RequirementRow]:
    """Return one page of requirements."""
    return _list(frame, requirement_rows(frame, number=number, size=PAGE_SIZE))


def _list(frame: Frame, page: Page[Row]) -> ListPage[Row]:
    known = names(frame.session)
    return ListPage(frame.wanted, known, page, _chips(frame.wanted, known))


def _chips(wanted: Wanted, known: Names) -> list[Chip]:
    words = {
        "step": wanted.step.label if wanted.step else "",
        "short_of": gettext("Not yet: %(step)s") % {"step": wanted.short_of.label}
        if wanted.short_of
        else "",
        "field": application_fields()[wanted.field].label if wanted.field else "",
        "cluster": _cluster(wanted, known),
        "home": gettext("Looked after by %(name)s") % {"name": known.of_home(wanted.home)},
        "speed": gettext("First good match: %(speed)s")
        % {"speed": wanted.speed.label if wanted.speed else ""},
        "bridge": gettext("With a bridge") if wanted.bridge else gettext("Without a bridge"),
        "answered": wanted.answered.label if wanted.answered else "",
        "needs_hand": gettext("Needs a hand"),
    }
    return [Chip(words[name], wanted.without(name)) for name, _ in wanted.parts() if name in words]


def _cluster(wanted: Wanted, known: Names) -> str:
    if wanted.cluster is None:
        return ""
    return gettext("Organisations: %(name)s") % {"name": known.of_member(wanted.cluster)}
