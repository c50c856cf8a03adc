"""What the pages about profiles show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.core.database import DbSession
from app.core.i18n import N_, current_locale, gettext
from app.core.pagination import Page
from app.core.tables import write_table
from app.organisations.models import Organisation, OrganisationKind
from app.profiles import queries
from app.profiles.importing import (
    TEMPLATE,
    Column,
    column_name,
    column_of,
    homeless_cells,
)
from app.profiles.models import (
    SKIPPED,
    ImportRow,
    Passage,
    PassageKind,
    ProfileImport,
    RowVerdict,
)

SHOWN_ROWS = 5

COLUMN_HELP: Mapping[Column, str] = {
    Column.ORGANISATION: N_(
        "Whom the passage is about. For a cluster: the name of a member. Otherwise not needed."
    ),
    Column.KIND: N_("Capability, reference or offer."),
    Column.TITLE: N_("A few words, 3 to 120 characters."),
    Column.TEXT: N_(
        "What they can do, have done or offer: 40 to 2,000 characters, best with figures."
    ),
    Column.LANGUAGE: N_("The language of the text: en, de or fr."),
    Column.SOURCE: N_("Where this can be checked."),
    Column.SOURCE_URL: N_("The address of the source on the web. May be blank."),
}
EXAMPLES: Mapping[Column, str] = {
    Column.ORGANISATION: N_("Example Shore Power Ltd"),
    Column.KIND: N_("Capability"),
    Column.TITLE: N_("Shore power for ferries"),
    Column.TEXT: N_("We connect ferries to shore power within four minutes, at 400 or 690 volts."),
    Column.SOURCE: N_("Pilot report 2025, page 4"),
    Column.SOURCE_URL: "https://example.org/report",
}
"""An example row; its language is the reader's, into which the rest is translated."""


@dataclass(frozen=True)
class ColumnHelp:
    """One column of the template, explained."""

    name: str
    meaning: str
    example: str


@dataclass(frozen=True)
class Problem:
    """One wrong cell: where it is, what was typed, how to mend it."""

    line: int
    column: str
    cell: str
    message: str


@dataclass(frozen=True)
class ImportView:
    """Everything about one uploaded file; ``bad`` is a page of rows, ``good`` only the first."""

    counts: Mapping[RowVerdict, int]
    good: Sequence[ImportRow]
    skipped: Sequence[ImportRow]
    bad: Page[ImportRow]
    problems: Sequence[Problem]
    unused_columns: Sequence[str]
    targets: Sequence[tuple[Organisation, int]]

    @property
    def skipped_count(self) -> int:
        """How many rows say nothing new."""
        return sum(self.counts[verdict] for verdict in SKIPPED)


def by_kind(passages: Iterable[Passage]) -> list[tuple[PassageKind, list[Passage]]]:
    """Return passages that are in the order of their kinds, kind by kind."""
    return [(kind, list(group)) for kind, group in groupby(passages, lambda p: p.kind)]


def columns_explained(importer: Organisation) -> list[ColumnHelp]:
    """Return what to write in which column; an ordinary organisation needs no name in its rows."""
    is_cluster = importer.kind is OrganisationKind.CLUSTER
    wanted = [column for column in TEMPLATE if is_cluster or column is not Column.ORGANISATION]
    return [
        ColumnHelp(
            name=column_name(column),
            meaning=gettext(COLUMN_HELP[column]),
            example=_example(column),
        )
        for column in wanted
    ]


def _example(column: Column) -> str:
    return current_locale() if column is Column.LANGUAGE else gettext(EXAMPLES[column])


def template_file() -> bytes:
    """Return a file with the header alone, for people to fill in."""
    return write_table([column_name(column) for column in TEMPLATE], [])


def import_view(session: DbSession, profile_import: ProfileImport, *, number: int) -> ImportView:
    """Return what a page says about an upload; ``number`` is the page of rows to mend."""
    bad = queries.rows_page(session, profile_import.id, RowVerdict.BAD, number=number)
    good = queries.first_rows_of(session, profile_import.id, [RowVerdict.GOOD], limit=SHOWN_ROWS)
    skipped = queries.first_rows_of(session, profile_import.id, SKIPPED, limit=SHOWN_ROWS)
    header = profile_import.header
    return ImportView(
        counts=queries.verdict_counts(session, profile_import.id),
        good=good,
        skipped=skipped,
        bad=bad,
        problems=[problem for row in bad.rows for problem in problems_of(header, row)],
        unused_columns=[name for name in header if name.strip() and not column_of(name)],
        targets=queries.good_counts(session, profile_import.id),
    )


def problems_of(header: Sequence[str], row: ImportRow) -> list[Problem]:
    """Return what is wrong in a row, in the reader's language and the order of the columns."""
    places = _places(header)
    found = sorted(row.errors.items(), key=lambda item: places.get(item[0], len(header)))
    return [_problem(header, row, places.get(column), *error) for column, error in found]


def _places(header: Sequence[str]) -> dict[str, int]:
    known = [(place, column_of(name)) for place, name in enumerate(header)]
    return {column: place for place, column in known if column}


def _problem(
    header: Sequence[str], row: ImportRow, place: int | None, message: str, words: dict[str, Any]
) -> Problem:
    if place is None:
        column, cells = "", homeless_cells(header, row.cells)
    else:
        column, cells = header[place], row.cells[place : place + 1]
    return Problem(row.line, column, " ".join(cells).strip(), gettext(message) % words)


def bad_rows_file(session: DbSession, profile_import: ProfileImport) -> bytes:
    """Return the rows to mend as they were typed, each with what is wrong in a column more."""
    rows = queries.rows_of(session, profile_import.id, RowVerdict.BAD)
    header = profile_import.header
    width = max([len(header), *(len(row.cells) for row in rows)])
    kept = [
        place
        for place in range(width)
        if place >= len(header) or column_of(header[place]) is not Column.REASON
    ]
    return write_table(
        [*_at(kept, header), column_name(Column.REASON)],
        [[*_at(kept, row.cells), _reason(header, row)] for row in rows],
    )


def _at(places: Iterable[int], cells: Sequence[str]) -> list[str]:
    return [cells[place] if place < len(cells) else "" for place in places]


def _reason(header: Sequence[str], row: ImportRow) -> str:
    return " ".join(problem.message for problem in problems_of(header, row))
